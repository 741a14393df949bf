//! Many clusters' outputs as one.

use serde_json::{Value, json};

use super::ask::Shape;
use crate::{
    CliError,
    output::{Table, yaml},
};

/// Annotation that says from which cluster an item of a merged List is. It is nowhere but in that List.
const CLUSTER: &str = "nagaya.dev/cluster";

/// The outputs, each with its cluster's name, as one text.
///
/// # Errors
/// When an output is not of the shape that was asked for.
pub fn merge(outputs: &[(String, String)], shape: Shape) -> Result<String, CliError> {
    match shape {
        Shape::Table => Ok(tables(outputs)),
        Shape::Json => list(outputs).map(|list| format!("{list:#}\n")),
        Shape::Yaml => yaml(&list(outputs)?),
        Shape::Lines | Shape::Stream => Ok(outputs
            .iter()
            .flat_map(|(cluster, output)| output.lines().map(move |line| prefixed(cluster, line)))
            .collect()),
    }
}

/// A line with its cluster before it.
pub fn prefixed(cluster: &str, line: &str) -> String {
    format!("[{cluster}] {line}\n")
}

fn list(outputs: &[(String, String)]) -> Result<Value, CliError> {
    let mut items = Vec::new();
    for (cluster, output) in outputs.iter().filter(|(_, output)| !output.trim().is_empty()) {
        // JSON is YAML as well.
        let value: Value = yaml_serde::from_str(output).map_err(|error| {
            CliError::Other(format!("{cluster}: kubectl printed something unexpected: {error}"))
        })?;
        let own = match value {
            Value::Object(mut object) if object.get("items").is_some_and(Value::is_array) => {
                object.remove("items").and_then(|items| items.as_array().cloned()).unwrap_or_default()
            }
            other => vec![other],
        };
        for mut item in own {
            if item.pointer("/metadata/annotations").is_none_or(|annotations| !annotations.is_object()) {
                item["metadata"]["annotations"] = json!({});
            }
            item["metadata"]["annotations"][CLUSTER] = cluster.as_str().into();
            items.push(item);
        }
    }
    Ok(json!({"apiVersion": "v1", "kind": "List", "metadata": {}, "items": items}))
}

/// Tables of one header become one, in the order in which headers came.
fn tables(outputs: &[(String, String)]) -> String {
    let mut merged: Vec<(Vec<String>, Table)> = Vec::new();
    let mut loose = String::new();
    for (cluster, output) in outputs {
        // `get all` prints several tables, with an empty line between.
        for block in output.split("\n\n").filter(|block| !block.trim().is_empty()) {
            let mut lines = block.lines().filter(|line| !line.trim().is_empty());
            let Some(first) = lines.next() else { continue };
            let header = cells(first);
            if !is_header(&header) {
                // --no-headers.
                for line in std::iter::once(first).chain(lines) {
                    loose.push_str(&format!("{cluster}   {line}\n"));
                }
                continue;
            }
            let at = merged.iter().position(|(known, _)| *known == header).unwrap_or_else(|| {
                let columns = std::iter::once("CLUSTER".to_owned()).chain(header.iter().cloned());
                merged.push((header.clone(), Table::new(columns)));
                merged.len() - 1
            });
            let starts = starts(first);
            for line in lines {
                let row = cut(line, &starts);
                merged[at].1.row(std::iter::once(cluster.clone()).chain(row));
            }
        }
    }
    let tables: Vec<String> = merged.iter().map(|(_, table)| table.render(true, &[]).0).collect();
    format!("{}{loose}", tables.join("\n"))
}

fn is_header(cells: &[String]) -> bool {
    !cells.is_empty() && cells.iter().all(|cell| !cell.chars().any(char::is_lowercase))
}

/// Cells of a header: kubectl puts three spaces between columns, one within a name (`NOMINATED NODE`).
fn cells(line: &str) -> Vec<String> {
    line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned).collect()
}

/// Where each column begins, in characters: kubectl aligns by them.
fn starts(header: &str) -> Vec<usize> {
    let characters: Vec<char> = header.chars().collect();
    let begins = |at: usize| {
        characters[at] != ' '
            && (at == 0 || (at >= 2 && characters[at - 1] == ' ' && characters[at - 2] == ' '))
    };
    (0..characters.len()).filter(|at| begins(*at)).collect()
}

/// A row's cells, by where the header's begin: a cell may be empty.
fn cut(line: &str, starts: &[usize]) -> Vec<String> {
    let characters: Vec<char> = line.chars().collect();
    let end = |at: usize| starts.get(at + 1).copied().unwrap_or(characters.len()).min(characters.len());
    let cell = |(at, start): (usize, &usize)| {
        characters
            .get(*start..end(at))
            .map(|cell| cell.iter().collect::<String>().trim().to_owned())
            .unwrap_or_default()
    };
    starts.iter().enumerate().map(cell).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(cluster, output)| ((*cluster).to_owned(), (*output).to_owned())).collect()
    }

    #[test]
    fn tables_get_a_column_of_clusters_and_one_alignment() {
        let outputs = of(&[
            ("a", "NAME   STATUS    RESTARTS     NOMINATED NODE\nweb    Running   5 (3m ago)   <none>\n"),
            (
                "long",
                "NAME          STATUS   RESTARTS   NOMINATED NODE\nlonger-name            0          n1\n",
            ),
            ("empty", ""),
        ]);
        assert_eq!(
            merge(&outputs, Shape::Table).unwrap(),
            "CLUSTER   NAME          STATUS    RESTARTS     NOMINATED NODE\n\
             a         web           Running   5 (3m ago)   <none>\n\
             long      longer-name             0            n1\n"
        );
    }

    #[test]
    fn tables_of_other_columns_stay_apart_and_rows_without_a_header_keep_their_cluster() {
        let two = of(&[
            ("a", "NAME   AGE\nx      1d\n\nNAME   DATA   AGE\ny      1      2d\n"),
            ("b", "NAME   AGE\nz      3d\n"),
        ]);
        assert_eq!(
            merge(&two, Shape::Table).unwrap(),
            "CLUSTER   NAME   AGE\na         x      1d\nb         z      3d\n\nCLUSTER   NAME   DATA   AGE\na         y      1      2d\n"
        );
        let bare = of(&[("a", "web   Running\n")]);
        assert_eq!(merge(&bare, Shape::Table).unwrap(), "a   web   Running\n");
    }

    #[test]
    fn lists_become_one_whose_items_name_their_cluster() {
        let item = |name: &str| json!({"kind": "Pod", "metadata": {"name": name, "annotations": {"x": "y"}}});
        let whole = json!({"kind": "List", "items": [item("p"), item("q")]}).to_string();
        let outputs = of(&[("a", &whole), ("b", "kind: Pod\nmetadata: {name: r}\n"), ("c", "")]);
        let merged: Value = serde_json::from_str(&merge(&outputs, Shape::Json).unwrap()).unwrap();
        let seen: Vec<_> = merged["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| {
                (
                    item["metadata"]["name"].as_str().unwrap(),
                    item["metadata"]["annotations"][CLUSTER].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(seen, [("p", "a"), ("q", "a"), ("r", "b")]);
        assert_eq!(merged["items"][0]["metadata"]["annotations"]["x"], "y");
        let as_yaml: Value = yaml_serde::from_str(&merge(&outputs, Shape::Yaml).unwrap()).unwrap();
        assert_eq!(as_yaml, merged);
        assert!(merge(&of(&[("a", "{")]), Shape::Json).unwrap_err().to_string().contains("a: "));
    }

    #[test]
    fn lines_say_where_they_are_from() {
        let outputs = of(&[("a", "one\ntwo\n"), ("b", "three\n")]);
        assert_eq!(merge(&outputs, Shape::Lines).unwrap(), "[a] one\n[a] two\n[b] three\n");
    }
}
