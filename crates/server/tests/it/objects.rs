//! The verbs that all kinds share.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{World, steady, workspace};

#[tokio::test]
async fn a_replace_that_read_an_old_revision_is_a_conflict() {
    let world = World::seeded().await;
    let token = world.token("root").await;
    let mut user = world.get("users/dev-03", &token).await.body;
    user["spec"]["displayName"] = "dev-03".into();
    let first = world.send("PUT", "users/dev-03", &token, user.clone()).await;
    assert_eq!(first.body["spec"]["displayName"], "dev-03", "{}", first.body);
    let second = world.send("PUT", "users/dev-03", &token, user.clone()).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    insta::assert_json_snapshot!("stale_replace", second.body);
    user["metadata"].as_object_mut().unwrap().remove("resourceVersion");
    let blind = world.send("PUT", "users/dev-03", &token, user).await;
    insta::assert_json_snapshot!("blind_replace", blind.body);
}

#[tokio::test]
async fn an_error_names_object_field_and_mend() {
    let world = World::seeded().await;
    let token = world.token("root").await;
    let bad = json!({
        "metadata": {"name": "Bad_Name"},
        "spec": {"image": "i-all", "resources": {"cpu": "100m", "memory": "1Mi"}, "homeSize": "1Ki"}
    });
    insta::assert_json_snapshot!("broken_rules", world.send("POST", "templates", &token, bad).await.body);
    let lost =
        json!({"metadata": {"name": "t"}, "spec": {"cluster": "none", "members": [{"user": "nobody"}]}});
    insta::assert_json_snapshot!("dangling_references", world.send("POST", "teams", &token, lost).await.body);
    let odd = json!({"metadata": {"name": "u"}, "spec": {"amdin": true}});
    insta::assert_json_snapshot!("unknown_field", world.send("POST", "users", &token, odd).await.body);
    let other = world.send("POST", "users", &token, json!({"kind": "Team", "metadata": {"name": "u"}})).await;
    insta::assert_json_snapshot!("wrong_kind", other.body);
}

#[tokio::test]
async fn an_object_may_leave_out_a_spec_that_demands_nothing() {
    let world = World::seeded().await;
    let token = world.token("root").await;
    let made = world.send("POST", "users", &token, json!({"metadata": {"name": "posted"}})).await;
    assert_eq!(
        (made.status, &made.body["spec"]["admin"]),
        (StatusCode::CREATED, &json!(false)),
        "{}",
        made.text
    );
    let file = json!({"metadata": {"name": "applied"}, "spec": null});
    let applied = world.apply("users/applied", &token, "fieldManager=file", file).await;
    assert_eq!(applied.status, StatusCode::CREATED, "{}", applied.text);
    let team = world.send("POST", "teams", &token, json!({"metadata": {"name": "new"}})).await;
    assert_eq!(team.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", team.text);
    assert_eq!(team.body["details"]["causes"][0]["field"], "spec.cluster", "{}", team.text);
}

#[tokio::test]
async fn applying_twice_changes_nothing() {
    let world = World::seeded().await;
    let token = world.token("root").await;
    let file = json!({"metadata": {"labels": {"site": "tokyo"}}, "spec": {"displayName": "New"}});
    let first = world.apply("users/new", &token, "fieldManager=file", file.clone()).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    let revision = world.state.store.revision();
    let second = world.apply("users/new", &token, "fieldManager=file", file.clone()).await;
    assert_eq!(second.status, StatusCode::OK);
    assert_eq!(second.body["metadata"]["resourceVersion"], first.body["metadata"]["resourceVersion"]);
    assert_eq!(world.state.store.revision(), revision, "nothing was written");
    insta::assert_json_snapshot!("applied", steady(second.body));
}

#[tokio::test]
async fn a_field_that_somebody_else_set_is_a_conflict_until_forced() {
    let world = World::seeded().await;
    let token = world.token("root").await;
    let file = |name: &str| json!({"spec": {"displayName": name}});
    world.apply("users/dev-03", &token, "fieldManager=file", file("dev-03")).await;
    world.send("PATCH", "users/dev-03?fieldManager=console", &token, file("DEV-03")).await;
    let conflict = world.apply("users/dev-03", &token, "fieldManager=file", file("dev-03")).await;
    insta::assert_json_snapshot!("apply_conflict", conflict.body);
    let forced = world.apply("users/dev-03", &token, "fieldManager=file&force=true", file("dev-03")).await;
    assert_eq!((forced.status, &forced.body["spec"]["displayName"]), (StatusCode::OK, &json!("dev-03")));
}

#[tokio::test]
async fn a_dry_run_answers_and_does_nothing() {
    let world = World::seeded().await;
    let token = world.token("root").await;
    let revision = world.state.store.revision();
    let body = json!({"spec": {"displayName": "New"}});
    let dry = world.apply("users/new", &token, "fieldManager=file&dryRun=true", body.clone()).await;
    assert_eq!((dry.status, &dry.body["spec"]["displayName"]), (StatusCode::CREATED, &json!("New")));
    let dry = world.send("PATCH", "users/dev-03?dryRun=true", &token, body).await;
    assert_eq!(dry.body["spec"]["displayName"], "New");
    assert_eq!(world.get("users/new", &token).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.state.store.revision(), revision);
}

#[tokio::test]
async fn what_others_need_is_not_deleted_and_the_answer_names_them() {
    let world = World::seeded().await;
    let token = world.token("root").await;
    let mut words = Vec::new();
    for path in
        ["clusters/c-java", "users/dev-05", "teams/java", "images/i-all", "templates/t-all", "users/root"]
    {
        let answer = world.send("DELETE", path, &token, Value::Null).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{path}");
        words.push(answer.body["message"].as_str().unwrap().to_owned());
    }
    insta::assert_json_snapshot!("needed_by_others", words);
    let free = world.send("DELETE", "templates/t-java", &token, Value::Null).await;
    assert_eq!(free.status, StatusCode::OK);
    assert_eq!(world.get("templates/t-java", &token).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let world = World::seeded().await;
    let token = world.token("root").await;
    for spec in [json!({"admin": false}), json!({"disabled": true})] {
        let answer = world.send("PATCH", "users/root", &token, json!({"spec": spec})).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    }
    world.send("PATCH", "users/lead", &token, json!({"spec": {"admin": true}})).await;
    let answer = world.send("PATCH", "users/root", &token, json!({"spec": {"admin": false}})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[tokio::test]
async fn a_list_shows_only_what_may_be_got_page_by_page() {
    let world = World::seeded().await;
    let names = |list: &Value| -> Vec<String> {
        let items = list["items"].as_array().unwrap().iter();
        items.map(|item| item["metadata"]["name"].as_str().unwrap().to_owned()).collect()
    };
    let mut seen = serde_json::Map::new();
    for who in ["root", "lead", "dev-05", "dev-04"] {
        let token = world.token(who).await;
        let mut lists = serde_json::Map::new();
        for plural in ["clusters", "users", "teams", "images", "templates", "workspaces"] {
            lists.insert(plural.into(), names(&world.get(plural, &token).await.body).into());
        }
        seen.insert(who.into(), lists.into());
    }
    insta::assert_json_snapshot!("lists_by_person", seen);

    let token = world.token("root").await;
    let first = world.get("users?limit=2", &token).await.body;
    assert_eq!(names(&first), ["closed", "dev-03"]);
    let rest = world
        .get(&format!("users?limit=9&continue={}", first["metadata"]["continue"].as_str().unwrap()), &token)
        .await;
    assert_eq!(names(&rest.body), ["dev-04", "dev-05", "lead", "root"]);
    assert_eq!(rest.body["metadata"].get("continue"), None);
    assert_eq!(names(&world.get("workspaces?team=java", &token).await.body), ["w-java"]);
    world.send("PATCH", "users/dev-03", &token, json!({"metadata": {"labels": {"site": "osaka"}}})).await;
    assert_eq!(names(&world.get("users?labelSelector=site%3Dosaka", &token).await.body), ["dev-03"]);
    assert_eq!(world.get("users?labelSelector=a%20b", &token).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn members_see_of_a_cluster_its_name_and_health() {
    let world = World::seeded().await;
    let cluster = world.get("clusters/c-java", &world.token("dev-05").await).await.body;
    insta::assert_json_snapshot!("cluster_for_members", steady(cluster));
}

#[tokio::test]
async fn team_admins_decide_on_members_and_nothing_else_of_a_team() {
    let world = World::seeded().await;
    let token = world.token("lead").await;
    let members = json!([{"user": "lead", "role": "team-admin"}, {"user": "dev-05"}, {"user": "dev-04"}]);
    let good = world.send("PATCH", "teams/java", &token, json!({"spec": {"members": members}})).await;
    assert_eq!(good.status, StatusCode::OK, "{}", good.body);
    for change in [
        json!({"spec": {"cluster": "c-python"}}),
        json!({"spec": {"namespace": "kitchen"}}),
        json!({"spec": {"displayName": "Java", "members": members}}),
        json!({"metadata": {"labels": {"a": "b"}}}),
    ] {
        let answer = world.send("PATCH", "teams/java", &token, change.clone()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{change}");
    }
    // The way around: a whole object, or an apply.
    let mut team = good.body;
    team["spec"]["cluster"] = "c-python".into();
    assert_eq!(world.send("PUT", "teams/java", &token, team).await.status, StatusCode::FORBIDDEN);
    let file = json!({"spec": {"cluster": "c-python"}});
    let applied = world.apply("teams/java", &token, "fieldManager=x&force=true", file).await;
    assert_eq!(applied.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn nobody_makes_templates_or_workspaces_in_anothers_name() {
    let world = World::seeded().await;
    let dev_05 = world.token("dev-05").await;
    for body in [workspace("x", "dev-03", "java", "t-all"), workspace("x", "dev-05", "python", "t-all")] {
        assert_eq!(
            world.send("POST", "workspaces", &dev_05, body.clone()).await.status,
            StatusCode::FORBIDDEN
        );
        let applied = world.apply("workspaces/x", &dev_05, "fieldManager=x", body).await;
        assert_eq!(applied.status, StatusCode::FORBIDDEN);
    }
    let lead = world.token("lead").await;
    // A template cannot be carried over to another team, or to everybody.
    for team in [json!("python"), Value::Null] {
        let answer =
            world.send("PATCH", "templates/t-java", &lead, json!({"metadata": {"team": team}})).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    }
    let hidden = world.send("PATCH", "templates/t-java", &lead, json!({"spec": {"image": "i-python"}})).await;
    assert_eq!(hidden.status, StatusCode::UNPROCESSABLE_ENTITY, "another team's image is not there");
}

#[tokio::test]
async fn changes_and_refusals_are_on_record_for_operations() {
    let world = World::seeded().await;
    let (root, dev_05) = (world.token("root").await, world.token("dev-05").await);
    world.send("PATCH", "users/dev-03", &root, json!({"spec": {"displayName": "dev-03"}})).await;
    world.send("DELETE", "teams/java", &dev_05, Value::Null).await;
    world.send("POST", "workspaces/w-java/stop", &dev_05, Value::Null).await;
    let list = world.get("audit?limit=3", &root).await.body;
    let mut items = list["items"].clone();
    for item in items.as_array_mut().unwrap() {
        item.as_object_mut().unwrap().remove("id");
    }
    insta::assert_json_snapshot!("audit", items);
    let next = list["metadata"]["continue"].as_str().unwrap();
    let older = world.get(&format!("audit?limit=1&continue={next}"), &root).await.body;
    assert_eq!(older["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_kubectl_changes_is_on_record() {
    let world = World::seeded().await;
    let (root, dev_05) = (world.token("root").await, world.token("dev-05").await);
    let pods = "clusters/c-java/kubernetes/api/v1/namespaces/java/pods";
    for method in ["GET", "POST"] {
        let answer = world.send(method, pods, &dev_05, json!({})).await;
        assert!(answer.status.is_server_error(), "no agent is there: {}", answer.text);
    }
    let items = world.get("audit?user=dev-05", &root).await.body["items"].clone();
    let words: Vec<_> =
        items.as_array().unwrap().iter().map(|item| item["message"].as_str().unwrap()).collect();
    assert_eq!(words, ["POST /api/v1/namespaces/java/pods"]);
}
