//! What streams to workspaces are addressed to on the agent.

/// CONNECT authority of a workspace's port on the agent.
pub fn workspace_authority(workspace: &str, namespace: &str, port: u16) -> String {
    format!("{workspace}.{namespace}.workspace.nagaya:{port}")
}

/// The reverse of [`workspace_authority`]: workspace, namespace, port.
pub fn parse_workspace_authority(authority: &str) -> Option<(&str, &str, u16)> {
    let (host, port) = authority.rsplit_once(':')?;
    let (workspace, namespace) = host.strip_suffix(".workspace.nagaya")?.split_once('.')?;
    (!workspace.is_empty() && !namespace.is_empty() && !namespace.contains('.')).then_some((
        workspace,
        namespace,
        port.parse().ok()?,
    ))
}

/// CONNECT authority, on the agent, of a port of the Service of a workspace that is a release.
pub fn service_authority(service: &str, workspace: &str, namespace: &str, port: u16) -> String {
    format!("{service}.{workspace}.{namespace}.service.nagaya:{port}")
}

/// The reverse of [`service_authority`]: Service, workspace, namespace, port.
pub fn parse_service_authority(authority: &str) -> Option<(&str, &str, &str, u16)> {
    let (host, port) = authority.rsplit_once(':')?;
    let mut parts = host.strip_suffix(".service.nagaya")?.split('.');
    let (service, workspace, namespace) = (parts.next()?, parts.next()?, parts.next()?);
    let good = parts.next().is_none() && [service, workspace, namespace].iter().all(|part| !part.is_empty());
    good.then_some((service, workspace, namespace, port.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_names_workspace_namespace_and_port() {
        let authority = workspace_authority("java-1", "java", 5901);
        assert_eq!(parse_workspace_authority(&authority), Some(("java-1", "java", 5901)));
        for bad in [
            "",
            "a:1",
            "a.workspace.nagaya:1",
            "a.b.c.workspace.nagaya:1",
            "a.b.workspace.nagaya:x",
            ".b.workspace.nagaya:1",
        ] {
            assert_eq!(parse_workspace_authority(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_authority_of_a_service_names_it_and_its_workspace() {
        let authority = service_authority("java-1-vnc", "java-1", "java", 5900);
        assert_eq!(parse_service_authority(&authority), Some(("java-1-vnc", "java-1", "java", 5900)));
        assert_eq!(parse_workspace_authority(&authority), None);
        assert_eq!(parse_service_authority(&workspace_authority("java-1", "java", 5901)), None);
        for bad in [
            "",
            "a.b.service.nagaya:1",
            "a.b.c.d.service.nagaya:1",
            "a..c.service.nagaya:1",
            "a.b.c.service.nagaya:x",
        ] {
            assert_eq!(parse_service_authority(bad), None, "{bad}");
        }
    }
}
