//! Team: people, and where their workspaces go.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Cause, names, object::resource};

/// What a person may do in a team.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TeamRole {
    /// Has workspaces of the team.
    #[default]
    Member,
    /// Also decides who is in the team and on its templates, and sees all its workspaces.
    TeamAdmin,
}

/// One person in a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Member {
    /// Name of the user.
    pub user: String,
    /// What the person may do.
    #[serde(default)]
    pub role: TeamRole,
}

/// What is wanted of a team.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TeamSpec {
    /// The name shown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    /// The cluster where new workspaces go.
    pub cluster: String,
    /// The Kubernetes namespace where they go; empty for one named as the team.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// The people.
    #[serde(default)]
    pub members: Vec<Member>,
}

/// What is known of a team.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TeamStatus {}

resource!(
    /// People, and the cluster and namespace where their new workspaces go.
    Team, TeamSpec, TeamStatus,
    check: |team| {
        let mut causes = Vec::new();
        causes.extend(names::check("spec.cluster", &team.spec.cluster).err());
        let namespace = team.namespace();
        causes.extend(names::check("spec.namespace", namespace).err());
        if ["default", "nagaya-system"].contains(&namespace) || namespace.starts_with("kube-") {
            causes.push(Cause::invalid("spec.namespace", format!("\"{namespace}\" belongs to Kubernetes or Nagaya"), "choose another"));
        }
        for (at, member) in team.spec.members.iter().enumerate() {
            causes.extend(names::check(&format!("spec.members[{at}].user"), &member.user).err());
            if team.spec.members[..at].iter().any(|earlier| earlier.user == member.user) {
                causes.push(Cause::invalid(format!("spec.members[{at}].user"), format!("\"{}\" is listed twice", member.user), "remove one"));
            }
        }
        causes
    }
);

impl Team {
    /// The Kubernetes namespace of its workspaces.
    pub fn namespace(&self) -> &str {
        if self.spec.namespace.is_empty() { &self.metadata.name } else { &self.spec.namespace }
    }

    /// What `user` may do in it, if anything.
    pub fn role_of(&self, user: &str) -> Option<TeamRole> {
        self.spec.members.iter().find(|member| member.user == user).map(|member| member.role)
    }
}
