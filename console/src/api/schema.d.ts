/* Generated from openapi.json by `npm run generate`: do not edit. */
export interface paths {
    "/api/v1alpha1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the audit record, newest first */
        get: operations["audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/bundles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists objects, or with `watch` streams their changes as server-sent events */
        get: operations["listBundle"];
        put?: never;
        /** Makes an object */
        post: operations["createBundle"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/bundles/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an object */
        get: operations["getBundle"];
        /** Replaces an object; 409 when it changed since `metadata.resourceVersion` */
        put: operations["replaceBundle"];
        post?: never;
        /** Deletes an object that nothing needs */
        delete: operations["deleteBundle"];
        options?: never;
        head?: never;
        /** Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
        patch: operations["patchBundle"];
        trace?: never;
    };
    "/api/v1alpha1/bundles/{name}/rendered": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The Kubernetes objects that a cluster should have of a bundle, as a list */
        get: operations["renderedBundle"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/bundleversions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists objects, or with `watch` streams their changes as server-sent events */
        get: operations["listBundleVersion"];
        put?: never;
        /** Makes an object */
        post: operations["createBundleVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/bundleversions/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an object */
        get: operations["getBundleVersion"];
        /** Replaces an object; 409 when it changed since `metadata.resourceVersion` */
        put: operations["replaceBundleVersion"];
        post?: never;
        /** Deletes an object that nothing needs */
        delete: operations["deleteBundleVersion"];
        options?: never;
        head?: never;
        /** Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
        patch: operations["patchBundleVersion"];
        trace?: never;
    };
    "/api/v1alpha1/charts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Charts that the caller may install */
        get: operations["listCharts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/charts/{name}/{chart}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The versions of a chart; `name` is its repository */
        get: operations["versionsOfChart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/charts/{name}/{chart}/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A chart of one version, looked into; `latest` is the newest */
        get: operations["getChart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/charts/{name}/{chart}/icon": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The icon of a chart */
        get: operations["iconOfChart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/clusters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists objects, or with `watch` streams their changes as server-sent events */
        get: operations["listCluster"];
        put?: never;
        /** Makes an object */
        post: operations["createCluster"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/clusters/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an object */
        get: operations["getCluster"];
        /** Replaces an object; 409 when it changed since `metadata.resourceVersion` */
        put: operations["replaceCluster"];
        post?: never;
        /** Deletes an object that nothing needs */
        delete: operations["deleteCluster"];
        options?: never;
        head?: never;
        /** Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
        patch: operations["patchCluster"];
        trace?: never;
    };
    "/api/v1alpha1/clusters/{name}/join-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a token with which the cluster's agent joins, once */
        post: operations["joinTokenCluster"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/clusters/{name}/kubeconfig": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A kubeconfig for the cluster, with a new token of the caller's, which ends */
        get: operations["kubeconfigCluster"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/clusters/{name}/kubernetes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The cluster's Kubernetes API, as the caller */
        get: operations["kubernetesRootCluster"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/clusters/{name}/kubernetes/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The cluster's Kubernetes API, as the caller */
        get: operations["kubernetesCluster"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/clusters/{name}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Starts a local cluster */
        post: operations["startCluster"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/clusters/{name}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops a local cluster; its data stays */
        post: operations["stopCluster"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists objects, or with `watch` streams their changes as server-sent events */
        get: operations["listGroup"];
        put?: never;
        /** Makes an object */
        post: operations["createGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/groups/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an object */
        get: operations["getGroup"];
        /** Replaces an object; 409 when it changed since `metadata.resourceVersion` */
        put: operations["replaceGroup"];
        post?: never;
        /** Deletes an object that nothing needs */
        delete: operations["deleteGroup"];
        options?: never;
        head?: never;
        /** Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
        patch: operations["patchGroup"];
        trace?: never;
    };
    "/api/v1alpha1/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists objects, or with `watch` streams their changes as server-sent events */
        get: operations["listImage"];
        put?: never;
        /** Makes an object */
        post: operations["createImage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/images/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an object */
        get: operations["getImage"];
        /** Replaces an object; 409 when it changed since `metadata.resourceVersion` */
        put: operations["replaceImage"];
        post?: never;
        /** Deletes an object that nothing needs */
        delete: operations["deleteImage"];
        options?: never;
        head?: never;
        /** Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
        patch: operations["patchImage"];
        trace?: never;
    };
    "/api/v1alpha1/join/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The manifest with which an imported cluster joins; the join token in the address is the credential */
        get: operations["joinManifestCluster"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Opens a session */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the session or token of this request */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows who is logged in */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/releases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists objects, or with `watch` streams their changes as server-sent events */
        get: operations["listRelease"];
        put?: never;
        /** Makes an object */
        post: operations["createRelease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/releases/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an object */
        get: operations["getRelease"];
        /** Replaces an object; 409 when it changed since `metadata.resourceVersion` */
        put: operations["replaceRelease"];
        post?: never;
        /** Deletes an object that nothing needs */
        delete: operations["deleteRelease"];
        options?: never;
        head?: never;
        /** Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
        patch: operations["patchRelease"];
        trace?: never;
    };
    "/api/v1alpha1/releases/{name}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a release would be; it need not exist, and nothing is changed */
        post: operations["previewRelease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/releases/{name}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has what failed tried again */
        post: operations["retryRelease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/releases/{name}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Brings an earlier version back */
        post: operations["rollbackRelease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/releases/{name}/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Seals values, by name; an empty one is forgotten */
        put: operations["secretsRelease"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/releases/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has the chart's tests run; how they went is in the status */
        post: operations["testRelease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/releases/{name}/values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The values of a release and where they come from; sealed ones are masked */
        get: operations["valuesRelease"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/releaseversions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists objects, or with `watch` streams their changes as server-sent events */
        get: operations["listReleaseVersion"];
        put?: never;
        /** Makes an object */
        post: operations["createReleaseVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/releaseversions/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an object */
        get: operations["getReleaseVersion"];
        /** Replaces an object; 409 when it changed since `metadata.resourceVersion` */
        put: operations["replaceReleaseVersion"];
        post?: never;
        /** Deletes an object that nothing needs */
        delete: operations["deleteReleaseVersion"];
        options?: never;
        head?: never;
        /** Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
        patch: operations["patchReleaseVersion"];
        trace?: never;
    };
    "/api/v1alpha1/repositories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists objects, or with `watch` streams their changes as server-sent events */
        get: operations["listRepository"];
        put?: never;
        /** Makes an object */
        post: operations["createRepository"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/repositories/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an object */
        get: operations["getRepository"];
        /** Replaces an object; 409 when it changed since `metadata.resourceVersion` */
        put: operations["replaceRepository"];
        post?: never;
        /** Deletes an object that nothing needs */
        delete: operations["deleteRepository"];
        options?: never;
        head?: never;
        /** Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
        patch: operations["patchRepository"];
        trace?: never;
    };
    "/api/v1alpha1/repositories/{name}/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reads its index now; what went wrong is in the status */
        post: operations["refreshRepository"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/repositories/{name}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Seals the user and password for its server */
        put: operations["secretRepository"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/seal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the keys that seal secrets, without the keys themselves */
        get: operations["sealing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/seal/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Seals all secrets with another key and forgets the one before; answers when it is done */
        post: operations["rotateSealing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists objects, or with `watch` streams their changes as server-sent events */
        get: operations["listSource"];
        put?: never;
        /** Makes an object */
        post: operations["createSource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/sources/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an object */
        get: operations["getSource"];
        /** Replaces an object; 409 when it changed since `metadata.resourceVersion` */
        put: operations["replaceSource"];
        post?: never;
        /** Deletes an object that nothing needs */
        delete: operations["deleteSource"];
        options?: never;
        head?: never;
        /** Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
        patch: operations["patchSource"];
        trace?: never;
    };
    "/api/v1alpha1/sources/{name}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a sync would change now; nothing is changed */
        get: operations["diffSource"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/sources/{name}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Seals the user and token for its repository, and the secret that signs its webhook */
        post: operations["secretSource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/sources/{name}/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Fetches and applies now; what went wrong is in the status */
        post: operations["syncSource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/sources/{name}/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has the repository looked at now; signed with the source's secret in X-Hub-Signature-256, or carrying it in X-Gitlab-Token */
        post: operations["webhookSource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/teams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists objects, or with `watch` streams their changes as server-sent events */
        get: operations["listTeam"];
        put?: never;
        /** Makes an object */
        post: operations["createTeam"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/teams/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an object */
        get: operations["getTeam"];
        /** Replaces an object; 409 when it changed since `metadata.resourceVersion` */
        put: operations["replaceTeam"];
        post?: never;
        /** Deletes an object that nothing needs */
        delete: operations["deleteTeam"];
        options?: never;
        head?: never;
        /** Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
        patch: operations["patchTeam"];
        trace?: never;
    };
    "/api/v1alpha1/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists objects, or with `watch` streams their changes as server-sent events */
        get: operations["listTemplate"];
        put?: never;
        /** Makes an object */
        post: operations["createTemplate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/templates/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an object */
        get: operations["getTemplate"];
        /** Replaces an object; 409 when it changed since `metadata.resourceVersion` */
        put: operations["replaceTemplate"];
        post?: never;
        /** Deletes an object that nothing needs */
        delete: operations["deleteTemplate"];
        options?: never;
        head?: never;
        /** Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
        patch: operations["patchTemplate"];
        trace?: never;
    };
    "/api/v1alpha1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists one's API tokens */
        get: operations["listTokens"];
        put?: never;
        /** Makes an API token; its secret is shown this once */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends an API token */
        delete: operations["deleteToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists objects, or with `watch` streams their changes as server-sent events */
        get: operations["listUser"];
        put?: never;
        /** Makes an object */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/users/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an object */
        get: operations["getUser"];
        /** Replaces an object; 409 when it changed since `metadata.resourceVersion` */
        put: operations["replaceUser"];
        post?: never;
        /** Deletes an object that nothing needs */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        /** Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
        patch: operations["patchUser"];
        trace?: never;
    };
    "/api/v1alpha1/users/{name}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets a password, and ends the user's other sessions */
        post: operations["passwordUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/watch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Streams changes of many kinds as server-sent events */
        get: operations["watch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/workspaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists objects, or with `watch` streams their changes as server-sent events */
        get: operations["listWorkspace"];
        put?: never;
        /** Makes an object */
        post: operations["createWorkspace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/workspaces/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an object */
        get: operations["getWorkspace"];
        /** Replaces an object; 409 when it changed since `metadata.resourceVersion` */
        put: operations["replaceWorkspace"];
        post?: never;
        /** Deletes a workspace; its home stays until it is purged */
        delete: operations["deleteWorkspace"];
        options?: never;
        head?: never;
        /** Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
        patch: operations["patchWorkspace"];
        trace?: never;
    };
    "/api/v1alpha1/workspaces/{name}/desktop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The desktop: RFB over a WebSocket, subprotocol `binary` */
        get: operations["desktopWorkspace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/workspaces/{name}/exec": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs a command: a WebSocket with subprotocol `v5.channel.k8s.io` or `v4.channel.k8s.io` */
        get: operations["execWorkspace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/workspaces/{name}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The log of the workspace's container */
        get: operations["logsWorkspace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/workspaces/{name}/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Removes a workspace with its home, for good */
        post: operations["purgeWorkspace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/workspaces/{name}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Starts a workspace; a deleted one comes back with its home */
        post: operations["startWorkspace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1alpha1/workspaces/{name}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops a workspace; the home stays */
        post: operations["stopWorkspace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ca.crt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The certificate of the local CA, PEM */
        get: operations["ca"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures in Prometheus' text format */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether requests can be served */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which build answers */
        get: operations["version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description What an imported cluster's agent is told besides the server's address. Kept sealed: a proxy may have a password. */
        AgentOptions: {
            /**
             * @description Through which HTTP proxy the agent reaches the server: `http://[user:password@]host[:port]`; empty: none.
             * @default
             */
            httpsProxy: string;
            /**
             * @description The agent's image, as the cluster pulls it; empty: the one the server was started with.
             * @default
             */
            image: string;
            /**
             * @description Hosts that are reached without it, comma-separated.
             * @default
             */
            noProxy: string;
            /**
             * @description Whether another cluster than the one that joined before may take its place.
             * @default false
             */
            replace: boolean;
        };
        /** @description The agent as the server sees it. */
        AgentStatus: {
            /** @description Whether it is connected. */
            connected: boolean;
            /**
             * Format: date-time
             * @description When it came or went.
             */
            since?: string | null;
            update?: components["schemas"]["AgentUpdating"] | null;
            /** @description Its version. */
            version?: string;
        };
        /** @description An agent is being replaced by the server. */
        AgentUpdating: {
            /**
             * Format: date-time
             * @description When that was begun.
             */
            since: string;
            /** @description The version it is to become. */
            version: string;
        };
        /** @description What teams may install by themselves. */
        AllowRule: {
            /** @description Which charts, by name: `*` stands for any characters, `?` for one; empty: all. */
            charts?: string[];
            /** @description Into which namespaces; empty: the team's own only. */
            namespaces?: string[];
            /** @description Which teams; empty: all. */
            teams?: string[];
        };
        /** @description An error of the API, in the form of Kubernetes' `Status`, so that kubectl shows it as it should. */
        ApiError: {
            /** @description `v1`. */
            apiVersion: string;
            /**
             * Format: int32
             * @description HTTP status code.
             */
            code: number;
            /** @description Object and fields. */
            details?: components["schemas"]["ErrorDetails"];
            /** @description `Status`. */
            kind: string;
            /** @description The whole story in one English sentence. */
            message: string;
            /** @description A code for programs, as in Kubernetes: `NotFound`, `Conflict`, `Invalid`, … */
            reason: string;
            /** @description `Failure`. */
            status: string;
        };
        /** @description A field that changed. */
        AuditChange: {
            /** @description What it is. */
            after?: Record<string, never> | null;
            /** @description What it was. */
            before?: Record<string, never> | null;
            /** @description JSON pointer of the field. */
            field: string;
        };
        /** @description A line of the audit record. */
        AuditLine: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description What changed. */
            changes?: components["schemas"]["AuditChange"][];
            /**
             * Format: int64
             * @description Its number; grows.
             */
            id: number;
            /** @description Kind of the object, or empty. */
            kind: string;
            /** @description More in words. */
            message?: string;
            /** @description Its name, or empty. */
            name: string;
            /** @description `ok`, or the reason it was refused. */
            result: string;
            /** @description Its team. */
            team?: string | null;
            /** @description User, `system:<part>`, or empty. */
            user: string;
            /** @description What was done. */
            verb: string;
        };
        /** @description Lines of the audit record, newest first. */
        AuditList: {
            /** @description The lines. */
            items: components["schemas"]["AuditLine"][];
            /** @description Where more are. */
            metadata: components["schemas"]["ListMeta"];
        };
        /** @description Kubernetes objects that every cluster of its groups must have. */
        Bundle: {
            /** @description `nagaya.dev/v1alpha1`. */
            apiVersion: string;
            /** @description The kind. */
            kind: components["schemas"]["Kind"];
            /** @description Metadata. */
            metadata: components["schemas"]["ObjectMeta"];
            /** @description What is wanted. */
            spec: components["schemas"]["BundleSpec"];
            /** @description What is; only the server writes it. */
            status?: components["schemas"]["BundleStatus"];
        };
        /** @description A bundle on one cluster. */
        BundleCluster: {
            /**
             * @description Name of the cluster.
             * @default
             */
            cluster: string;
            /**
             * @description What others changed, and was undone.
             * @default {
             *       "count": 0
             *     }
             */
            drift: components["schemas"]["BundleDrift"];
            /**
             * @description Why, in English: object, field, mend.
             * @default
             */
            message: string;
            /**
             * Format: int32
             * @description Objects it should have.
             * @default 0
             */
            objects: number;
            /**
             * Format: int32
             * @description Of them those that are there and ready.
             * @default 0
             */
            ready: number;
            /**
             * Format: date-time
             * @description Since when the state is what it is.
             * @default null
             */
            since: string | null;
            /**
             * @description Where it stands.
             * @default Waiting
             */
            state: components["schemas"]["BundleState"];
            /**
             * @description The values that the version's variables had there, of those that come from labels and annotations.
             * @default {}
             */
            variables: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description The version it was given; 0: none yet.
             * @default 0
             */
            version: number;
        };
        /** @description What others changed of a bundle's objects on a cluster. */
        BundleDrift: {
            /**
             * Format: int64
             * @description How often something was undone.
             * @default 0
             */
            count: number;
            /** @default null */
            last: components["schemas"]["DriftEvent"] | null;
        };
        /** @description Objects of kind Bundle. */
        BundleList: {
            apiVersion: string;
            items: components["schemas"]["Bundle"][];
            kind: string;
            metadata: components["schemas"]["ListMeta"];
        };
        /** @description What is wanted of a bundle. Administrators can read all of it: secrets in plain text do not belong here. */
        BundleSpec: {
            /** @description For what the objects are repeated. */
            each?: components["schemas"]["Each"];
            /** @description Names of Groups; a cluster in any of them gets the objects. */
            groups: string[];
            /** @description Fields that others own. */
            ignore?: components["schemas"]["IgnoreRule"][];
            /** @description Kubernetes objects, at most 1,000 and 1 MiB together. Texts in them may name variables, `${cluster.name}`. */
            objects: Record<string, never>[];
            /** @description What is different on some clusters, in order. */
            overrides?: components["schemas"]["Override"][];
            /** @description How a new version reaches the clusters. */
            rollout?: components["schemas"]["Rollout"];
        };
        /**
         * @description Where a bundle stands on one cluster.
         * @enum {string}
         */
        BundleState: "Waiting" | "Applying" | "Ready" | "NotReady" | "Failed" | "Conflict" | "Unreachable";
        /** @description What is known of a bundle. */
        BundleStatus: {
            /**
             * @description The clusters that should have it, by name.
             * @default []
             */
            clusters: components["schemas"]["BundleCluster"][];
            /**
             * @description Conditions.
             * @default []
             */
            conditions: components["schemas"]["Condition"][];
            /**
             * Format: int64
             * @description The generation of the spec that this is about.
             * @default 0
             */
            observedGeneration: number;
            /**
             * @description Those counted.
             * @default {
             *       "targets": 0,
             *       "ready": 0,
             *       "updated": 0,
             *       "unready": 0
             *     }
             */
            summary: components["schemas"]["BundleSummary"];
            /**
             * Format: int64
             * @description The newest version.
             * @default 0
             */
            version: number;
            /**
             * @description Versions that are kept, newest first.
             * @default []
             */
            versions: components["schemas"]["VersionLine"][];
        };
        /** @description A bundle's clusters counted. */
        BundleSummary: {
            /**
             * Format: int32
             * @description Of them those that have the newest version and are ready.
             * @default 0
             */
            ready: number;
            /**
             * Format: int32
             * @description Clusters that should have it.
             * @default 0
             */
            targets: number;
            /**
             * Format: int32
             * @description Those that are neither ready nor waiting for their turn.
             * @default 0
             */
            unready: number;
            /**
             * Format: int32
             * @description Those that have the newest version.
             * @default 0
             */
            updated: number;
        };
        /** @description What a bundle was at one time. */
        BundleVersion: {
            /** @description `nagaya.dev/v1alpha1`. */
            apiVersion: string;
            /** @description The kind. */
            kind: components["schemas"]["Kind"];
            /** @description Metadata. */
            metadata: components["schemas"]["ObjectMeta"];
            /** @description What is wanted. */
            spec: components["schemas"]["BundleVersionSpec"];
            /** @description What is; only the server writes it. */
            status?: components["schemas"]["BundleVersionStatus"];
        };
        /** @description Objects of kind BundleVersion. */
        BundleVersionList: {
            apiVersion: string;
            items: components["schemas"]["BundleVersion"][];
            kind: string;
            metadata: components["schemas"]["ListMeta"];
        };
        /** @description The content of one version of a bundle. */
        BundleVersionSpec: {
            /** @description Name of the bundle. */
            bundle: string;
            /** @description Who changed the bundle; empty when that is not known. */
            by?: string;
            /** @description For what the objects are repeated. */
            each?: components["schemas"]["Each"];
            /**
             * Format: int64
             * @description The bundle's generation it was made of.
             */
            generation: number;
            /** @description Fields that others own. */
            ignore?: components["schemas"]["IgnoreRule"][];
            /** @description What they said about it. */
            message?: string;
            /** @description Kubernetes objects. */
            objects: Record<string, never>[];
            /** @description What is different on some clusters. */
            overrides?: components["schemas"]["Override"][];
            /** @description Uid of the bundle: another one of its name has versions of its own. */
            uid: string;
            /**
             * Format: int64
             * @description Its number, from 1.
             */
            version: number;
        };
        /** @description What is known of a version: nothing beyond its content. */
        BundleVersionStatus: Record<string, never>;
        /**
         * Format: quantity
         * @example 512Mi
         * @example 10Gi
         */
        Bytes: string;
        /** @description One thing wrong with one field. */
        Cause: {
            /** @description Path of the field, for instance `spec.homeSize`. */
            field: string;
            /** @description What to do about it. */
            mend?: string;
            /** @description What is wrong, in English. */
            message: string;
            /** @description A code the console translates, for instance `FieldValueInvalid`. */
            reason: string;
        };
        /** @description One object that a sync changes. */
        Change: {
            /** @description As it would be; absent when it goes. */
            after?: Record<string, never> | null;
            /** @description As it is, without what only the server writes; absent when it is made. */
            before?: Record<string, never> | null;
            /** @description What becomes of it. */
            change: components["schemas"]["ChangeKind"];
            /** @description Its kind. */
            kind: components["schemas"]["Kind"];
            /** @description Its name. */
            name: string;
        };
        /**
         * @description What becomes of an object.
         * @enum {string}
         */
        ChangeKind: "Created" | "Changed" | "Deleted" | "Released";
        /** @description Something that another version brought. */
        ChartChange: {
            /**
             * @description What.
             * @default
             */
            description: string;
            /**
             * @description `added`, `changed`, `fixed`, …; empty when the chart does not say.
             * @default
             */
            kind: string;
        };
        /** @description A chart that is part of another. */
        ChartDependency: {
            /**
             * @description What it is called there.
             * @default
             */
            alias: string;
            /**
             * @description The value that says whether it is part.
             * @default
             */
            condition: string;
            /**
             * @description Name.
             * @default
             */
            name: string;
            /**
             * @description Where it is from.
             * @default
             */
            repository: string;
            /**
             * @description The version that is asked for.
             * @default
             */
            version: string;
        };
        /** @description A chart of one version, looked into. */
        ChartDetail: {
            /**
             * @description Its annotations.
             * @default {}
             */
            annotations: {
                [key: string]: string;
            };
            /**
             * @description The version of what it installs.
             * @default
             */
            appVersion: string;
            /**
             * @description What this version brought, as its annotation `artifacthub.io/changes` says.
             * @default []
             */
            changes: components["schemas"]["ChartChange"][];
            /**
             * @description Names of the CRDs it brings.
             * @default []
             */
            crds: string[];
            /**
             * @description Charts that are part of it.
             * @default []
             */
            dependencies: components["schemas"]["ChartDependency"][];
            /**
             * @description Whether its makers advise against it.
             * @default false
             */
            deprecated: boolean;
            /**
             * @description What it is, in a sentence.
             * @default
             */
            description: string;
            /**
             * @description SHA-256 of its archive, in hexadecimal.
             * @default
             */
            digest: string;
            /**
             * @description Its page.
             * @default
             */
            home: string;
            /**
             * @description Whether it has an icon.
             * @default false
             */
            icon: boolean;
            /**
             * @description Words to find it by.
             * @default []
             */
            keywords: string[];
            /**
             * @description The Kubernetes versions it is for.
             * @default
             */
            kubeVersion: string;
            /**
             * @description Who looks after it.
             * @default []
             */
            maintainers: components["schemas"]["ChartMaintainer"][];
            /**
             * @description Its name.
             * @default
             */
            name: string;
            /**
             * @description Its README, Markdown; it is not to be trusted.
             * @default
             */
            readme: string;
            /**
             * @description Its repository.
             * @default
             */
            repository: string;
            /** @description Its values' JSON schema, if it has one. */
            schema?: Record<string, never> | null;
            /**
             * @description Where its source is.
             * @default []
             */
            sources: string[];
            /**
             * @description `application` or `library`; a library cannot be installed.
             * @default
             */
            type: string;
            /**
             * @description Its values.yaml, as it is.
             * @default
             */
            values: string;
            /**
             * @description Its version.
             * @default
             */
            version: string;
        };
        /** @description A chart in the catalogue. */
        ChartLine: {
            /**
             * @description The version of what that installs.
             * @default
             */
            appVersion: string;
            /**
             * @description Whether its makers advise against it.
             * @default false
             */
            deprecated: boolean;
            /**
             * @description What it is, in a sentence.
             * @default
             */
            description: string;
            /**
             * @description Whether it has an icon: `GET /charts/{repository}/{chart}/icon`.
             * @default false
             */
            icon: boolean;
            /**
             * Format: int32
             * @description How many releases of it there are that the caller sees.
             * @default 0
             */
            installed: number;
            /**
             * @description Words to find it by.
             * @default []
             */
            keywords: string[];
            /**
             * @description Its name.
             * @default
             */
            name: string;
            /**
             * @description Its repository.
             * @default
             */
            repository: string;
            /**
             * @description Its newest version.
             * @default
             */
            version: string;
            /**
             * Format: int32
             * @description How many versions there are.
             * @default 0
             */
            versions: number;
        };
        /** @description Charts. */
        ChartList: {
            /**
             * @description The charts, by name.
             * @default []
             */
            items: components["schemas"]["ChartLine"][];
        };
        /** @description Who looks after a chart. */
        ChartMaintainer: {
            /**
             * @description Mail address.
             * @default
             */
            email: string;
            /**
             * @description Name.
             * @default
             */
            name: string;
            /**
             * @description Page.
             * @default
             */
            url: string;
        };
        /** @description One version of a chart. */
        ChartVersionLine: {
            /**
             * @description The version of what it installs.
             * @default
             */
            appVersion: string;
            /**
             * @description When it was made, as its repository says.
             * @default
             */
            created: string;
            /**
             * @description Whether its makers advise against it.
             * @default false
             */
            deprecated: boolean;
            /**
             * @description What it is, in a sentence.
             * @default
             */
            description: string;
            /**
             * @description SHA-256 of its archive, as its repository says; empty when it does not.
             * @default
             */
            digest: string;
            /**
             * @description The version.
             * @default
             */
            version: string;
        };
        /** @description The versions of a chart. */
        ChartVersions: {
            /**
             * @description The versions, newest first.
             * @default []
             */
            versions: components["schemas"]["ChartVersionLine"][];
        };
        /** @description One Kubernetes cluster, created or imported. */
        Cluster: {
            /** @description `nagaya.dev/v1alpha1`. */
            apiVersion: string;
            /** @description The kind. */
            kind: components["schemas"]["Kind"];
            /** @description Metadata. */
            metadata: components["schemas"]["ObjectMeta"];
            /** @description What is wanted. */
            spec: components["schemas"]["ClusterSpec"];
            /** @description What is; only the server writes it. */
            status?: components["schemas"]["ClusterStatus"];
        };
        /** @description What is known of a cluster besides what it holds. */
        ClusterFacts: {
            /**
             * Format: date-time
             * @description When the agent's own certificate ends.
             * @default null
             */
            certificateExpires: string | null;
            /**
             * Format: int64
             * @description How long its API server takes to answer the agent, in milliseconds; none before it answered.
             * @default null
             */
            kubernetesLatencyMs: number | null;
            /**
             * @description The network it was told by, for instance `Calico`; empty when none is known.
             * @default
             */
            network: string;
            /**
             * @description Whether its network enforces NetworkPolicies.
             * @default Unknown
             */
            networkPolicy: components["schemas"]["NetworkPolicySupport"];
            /**
             * @description Why it is not known, or how it was found out that it does not, in words.
             * @default
             */
            networkPolicyWhy: string;
            /**
             * Format: date-time
             * @description When it was last tried out.
             * @default null
             */
            networkTried: string | null;
        };
        /** @description Objects of kind Cluster. */
        ClusterList: {
            apiVersion: string;
            items: components["schemas"]["Cluster"][];
            kind: string;
            metadata: components["schemas"]["ListMeta"];
        };
        /**
         * @description Where a cluster stands.
         * @enum {string}
         */
        ClusterPhase: "Pending" | "Starting" | "Ready" | "Degraded" | "Unreachable" | "Stopping" | "Stopped" | "Deleting";
        /**
         * @description Whether a cluster should run.
         * @enum {string}
         */
        ClusterPower: "Running" | "Stopped";
        /** @description What is wanted of a cluster. */
        ClusterSpec: {
            /** @description Values for charts on it, by `repository/chart`: over those of its groups, under those of a release. */
            chartValues?: Record<string, never>;
            local?: components["schemas"]["LocalCluster"] | null;
            /** @description Where it comes from. */
            provider?: components["schemas"]["Provider"];
        };
        /** @description What is known of a cluster. */
        ClusterStatus: {
            /**
             * @description The agent.
             * @default {
             *       "connected": false
             *     }
             */
            agent: components["schemas"]["AgentStatus"];
            /**
             * @description Its programs, for a local cluster.
             * @default []
             */
            components: components["schemas"]["ComponentStatus"][];
            /**
             * @description Conditions.
             * @default []
             */
            conditions: components["schemas"]["Condition"][];
            /**
             * @description What else its agent tells of it.
             * @default {
             *       "networkPolicy": "Unknown"
             *     }
             */
            facts: components["schemas"]["ClusterFacts"];
            /**
             * @description The intent.
             * @default {
             *       "desired": 0,
             *       "applied": 0
             *     }
             */
            intent: components["schemas"]["IntentStatus"];
            /**
             * @description Kubernetes version its API server reports.
             * @default
             */
            kubernetesVersion: string;
            /**
             * @description Why, in English.
             * @default
             */
            message: string;
            /**
             * @description Its nodes.
             * @default []
             */
            nodes: components["schemas"]["NodeStatus"][];
            /**
             * @description Where it stands.
             * @default Pending
             */
            phase: components["schemas"]["ClusterPhase"];
            /**
             * @description Why, as a code the console translates.
             * @default
             */
            reason: string;
            /**
             * Format: date-time
             * @description Since when.
             * @default null
             */
            since: string | null;
            /**
             * @description Number of workspaces placed on it, and of those that run.
             * @default {
             *       "total": 0,
             *       "running": 0
             *     }
             */
            workspaces: components["schemas"]["WorkspaceCount"];
        };
        /** @description One program of a local cluster's control plane or node. */
        ComponentStatus: {
            /** @description What it does or why it does not, in words. */
            message?: string;
            /** @description Its name, for instance `kube-apiserver`. */
            name: string;
            /** @description Whether it runs and answers. */
            ready: boolean;
            /**
             * Format: int32
             * @description How often it was restarted since the cluster's start.
             */
            restarts: number;
        };
        /** @description One condition, as in the Kubernetes API conventions. */
        Condition: {
            /**
             * Format: date-time
             * @description Since when `status` is what it is.
             */
            lastTransitionTime: string;
            /** @description Why, in English. */
            message?: string;
            /** @description A code the console translates. */
            reason?: string;
            /** @description Whether it holds. */
            status: boolean;
            /** @description What it is about, for instance `Ready`. */
            type: string;
        };
        /** @description What a sync would change. */
        Difference: {
            /** @description The objects that change, in order. */
            changes: components["schemas"]["Change"][];
            /** @description The commit that would be applied; empty when none could be fetched. */
            commit: string;
            /** @description Why nothing would be applied. */
            errors: components["schemas"]["SourceError"][];
        };
        /** @description One change that somebody else made to an object of a bundle, and that was undone. */
        DriftEvent: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description Fields that differed; empty when the object was removed. */
            fields?: string[];
            /** @description The field manager that did it, as far as Kubernetes tells, for instance `kubectl-edit`. */
            manager?: string;
            /** @description `Kind namespace/name`. */
            object: string;
        };
        /**
         * @description For what a bundle's objects are repeated.
         * @enum {string}
         */
        Each: "Cluster" | "Team";
        /** @description Which object an error is about, and what is wrong with it. */
        ErrorDetails: {
            /** @description What is wrong, by field. */
            causes?: components["schemas"]["Cause"][];
            /** @description Kind of the object. */
            kind?: string;
            /** @description Its name. */
            name?: string;
        };
        /** @description A Kubernetes event about a workspace's objects. */
        EventLine: {
            /**
             * Format: date-time
             * @description When it was last seen.
             */
            at: string;
            /**
             * Format: int32
             * @description How often.
             */
            count: number;
            /**
             * Format: date-time
             * @description When it was first seen, if the cluster tells: from then to `at` it happened `count` times.
             */
            first?: string | null;
            /** @description What it says. */
            message: string;
            /** @description `Pod/java-1-0`. */
            object: string;
            /** @description The event's reason, for instance `FailedScheduling`. */
            reason: string;
            /** @description `Normal` or `Warning`. */
            type: string;
        };
        /** @description Clusters picked by label. */
        Group: {
            /** @description `nagaya.dev/v1alpha1`. */
            apiVersion: string;
            /** @description The kind. */
            kind: components["schemas"]["Kind"];
            /** @description Metadata. */
            metadata: components["schemas"]["ObjectMeta"];
            /** @description What is wanted. */
            spec: components["schemas"]["GroupSpec"];
            /** @description What is; only the server writes it. */
            status?: components["schemas"]["GroupStatus"];
        };
        /** @description Objects of kind Group. */
        GroupList: {
            apiVersion: string;
            items: components["schemas"]["Group"][];
            kind: string;
            metadata: components["schemas"]["ListMeta"];
        };
        /** @description What is wanted of a group. */
        GroupSpec: {
            /**
             * @description Values for charts on its clusters, by `repository/chart`. A cluster in several groups takes them in the groups'
             *     order by name, the last on top.
             */
            chartValues?: Record<string, never>;
            /**
             * @description Label selector over clusters, as kubectl's `-l`; empty for all clusters. Each cluster counts as carrying the
             *     label `nagaya.dev/cluster` with its name.
             */
            selector: string;
        };
        /** @description What is known of a group. */
        GroupStatus: {
            /**
             * @description Names of the clusters in it, sorted.
             * @default []
             */
            clusters: string[];
            /**
             * Format: int64
             * @description The generation of the spec that this is about.
             * @default 0
             */
            observedGeneration: number;
        };
        /** @description A value that a layer says and another one above hides. */
        HiddenValue: {
            /**
             * @description `chart`, `group NAME`, `cluster NAME`.
             * @default
             */
            layer: string;
            /** @description What it says. */
            value?: Record<string, never>;
        };
        /** @description A revision of a release. */
        HistoryLine: {
            /**
             * @description Version of the application.
             * @default
             */
            appVersion: string;
            /**
             * @description `name-version` of the chart.
             * @default
             */
            chart: string;
            /**
             * @description What happened.
             * @default
             */
            description: string;
            /**
             * Format: int32
             * @description Its number.
             * @default 0
             */
            revision: number;
            /**
             * @description Its status as Helm writes it.
             * @default
             */
            status: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             * @default null
             */
            updated: string | null;
        };
        /** @description Fields that others own once an object is there, for instance the replicas that an autoscaler sets. */
        IgnoreRule: {
            /** @description Paths of the fields, for instance `.spec.replicas` or `.metadata.annotations["example.com/owner"]`. */
            fields: string[];
            /** @description Of which objects. */
            target?: components["schemas"]["ObjectTarget"];
        };
        /** @description What a template's desktop is started from. */
        Image: {
            /** @description `nagaya.dev/v1alpha1`. */
            apiVersion: string;
            /** @description The kind. */
            kind: components["schemas"]["Kind"];
            /** @description Metadata. */
            metadata: components["schemas"]["ObjectMeta"];
            /** @description What is wanted. */
            spec: components["schemas"]["ImageSpec"];
            /** @description What is; only the server writes it. */
            status?: components["schemas"]["ImageStatus"];
        };
        /** @description Objects of kind Image. */
        ImageList: {
            apiVersion: string;
            items: components["schemas"]["Image"][];
            kind: string;
            metadata: components["schemas"]["ListMeta"];
        };
        /** @description What is wanted of an image. */
        ImageSpec: {
            /** @description What it holds, in a sentence. */
            description?: string;
            /** @description The OCI image that clusters pull, for instance `registry.nagaya.internal/java:1`. */
            reference: string;
        };
        /** @description What is known of an image. */
        ImageStatus: Record<string, never>;
        /** @description How far the cluster is with its intent. */
        IntentStatus: {
            /**
             * Format: int64
             * @description Revision it has applied.
             */
            applied: number;
            /**
             * Format: int64
             * @description Revision the cluster should hold.
             */
            desired: number;
            /** @description What could not be applied: object and reason. At most 200 are listed; the condition `IntentApplied` counts all. */
            errors?: components["schemas"]["ObjectError"][];
            unconfirmed?: components["schemas"]["Unconfirmed"] | null;
        };
        /**
         * @description The kinds of objects.
         * @enum {string}
         */
        Kind: "Cluster" | "Group" | "User" | "Team" | "Image" | "Repository" | "Template" | "Bundle" | "BundleVersion" | "Source" | "Release" | "ReleaseVersion" | "Workspace";
        /** @description Revision and page of a list. */
        ListMeta: {
            /** @description Pass it as `continue` for more; absent on the last page. */
            continue?: string | null;
            /** @description The revision the list shows; a watch from it misses nothing. */
            resourceVersion: string;
        };
        /** @description What a local cluster gets of its host. */
        LocalCluster: {
            /** @description CPU that its pods together may use. */
            cpu: components["schemas"]["MilliCpu"];
            /** @description Name of the distribution (`nagaya kubernetes list`); empty for the instance's default. */
            kubernetes?: string;
            /** @description Memory that its pods together may use. */
            memory: components["schemas"]["Bytes"];
            /** @description Whether it should run. */
            power?: components["schemas"]["ClusterPower"];
        };
        /** @description Name and password. */
        Login: {
            /** @description The password. */
            password: string;
            /** @description Name of the user. */
            user: string;
        };
        /** @description The fields one manager set last. */
        ManagedFields: {
            /** @description JSON pointers (RFC 6901) of the leaves set, sorted. */
            fields: string[];
            /** @description Who, for instance `console` or `nagaya-cli`. */
            manager: string;
        };
        /** @description Who is logged in. */
        Me: {
            /** @description Of operations. */
            admin: boolean;
            /** @description The name shown. */
            displayName?: string;
            /** @description Whether somebody else set the password and knows it: a session may then do nothing but choose another. */
            mustChangePassword?: boolean;
            /** @description Name of the user. */
            name: string;
            /** @description The teams the person is in. */
            teams: components["schemas"]["MyTeam"][];
        };
        /** @description One person in a team. */
        Member: {
            /** @description What the person may do. */
            role?: components["schemas"]["TeamRole"];
            /** @description Name of the user. */
            user: string;
        };
        /**
         * Format: quantity
         * @example 500m
         * @example 2
         */
        MilliCpu: string;
        /** @description A team one is in. */
        MyTeam: {
            /** @description Its name. */
            name: string;
            /** @description What one may do there. */
            role: components["schemas"]["TeamRole"];
        };
        /**
         * @description Whether a cluster's network enforces NetworkPolicies.
         * @enum {string}
         */
        NetworkPolicySupport: "Enforced" | "NotEnforced" | "Unknown";
        /** @description A join token, shown this once. */
        NewJoinToken: {
            /** @description The cluster whose agent may use it. */
            cluster: string;
            /**
             * Format: date-time
             * @description When it ends unused.
             */
            expiresAt: string;
            /** @description The same as a path on this server. */
            path?: string | null;
            /** @description Whether the certificate behind `url` is of the instance's own CA, which kubectl does not know: `/ca.crt`. */
            privateCa: boolean;
            /** @description The secret that the agent shows once. */
            token: string;
            /**
             * @description For an imported cluster: where its manifest is, for `kubectl apply -f`, until the token is used or ends.
             *     Empty when this server does not listen with TLS.
             */
            url?: string | null;
        };
        /** @description A new password. */
        NewPassword: {
            /** @description The present one; when it is given it must be right. */
            current?: string | null;
            /**
             * @description Whether the user must choose another before anything else. Unless said it is so for a password that somebody
             *     else sets; one's own is never to be changed.
             */
            mustChange?: boolean | null;
            /** @description The new one. */
            password: string;
        };
        /** @description Secrets of a source; what is left out stays as it is. */
        NewSecret: {
            /**
             * @description Password or token there.
             * @default null
             */
            password: string | null;
            /**
             * @description User at the repository's server; of most anything will do beside a token.
             * @default null
             */
            user: string | null;
            /**
             * @description The secret that signs webhooks, at least 16 bytes.
             * @default null
             */
            webhook: string | null;
        };
        /** @description A new token, with its secret, which is shown this once. */
        NewTokenInfo: components["schemas"]["TokenInfo"] & {
            /** @description The secret, for `Authorization: Bearer`. */
            token: string;
        };
        /** @description One node. */
        NodeStatus: {
            /** @description CPU that pods may use. */
            cpu: components["schemas"]["MilliCpu"];
            /** @description Memory that pods may use. */
            memory: components["schemas"]["Bytes"];
            /** @description Its name. */
            name: string;
            /**
             * Format: int32
             * @description Pods that it may run.
             */
            pods: number;
            /** @description Pressure and other troubles, in words; empty when all is well. */
            problems?: string[];
            /** @description Whether Kubernetes calls it ready. */
            ready: boolean;
            /** @description Its kubelet's version. */
            version: string;
        };
        /** @description An object that could not be applied. */
        ObjectError: {
            /** @description Why. */
            message: string;
            /** @description `Kind namespace/name`. */
            object: string;
        };
        /** @description An object of a release. */
        ObjectLine: {
            /**
             * @description Why not, in words.
             * @default
             */
            message: string;
            /**
             * @description `Kind namespace/name`.
             * @default
             */
            object: string;
            /**
             * @description Whether it is there and ready.
             * @default false
             */
            ready: boolean;
        };
        /**
         * @description Metadata of an object, as in the Kubernetes API conventions.
         *
         *     What the server fills is empty in what a client sends.
         */
        ObjectMeta: {
            /** @description Notes of people and tools; nothing selects by them. */
            annotations?: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description When the object was created.
             */
            creationTimestamp?: string | null;
            /**
             * Format: date-time
             * @description When its end was asked for; it is gone once `finalizers` is empty.
             */
            deletionTimestamp?: string | null;
            /** @description What must still be cleaned up before the object may go. */
            finalizers?: string[];
            /**
             * Format: int64
             * @description Counts changes of `spec`.
             */
            generation?: number;
            /** @description Labels, which selectors match. */
            labels?: {
                [key: string]: string;
            };
            /** @description Who set which fields. */
            managedFields?: components["schemas"]["ManagedFields"][];
            /** @description Name, unique within the kind; an RFC 1123 label of at most 40 characters. */
            name: string;
            /**
             * @description The store's revision at the object's last change, as a decimal string. A write that names an
             *     older one is refused with a conflict.
             */
            resourceVersion?: string;
            /** @description The team that owns the object; absent for what belongs to operations. */
            team?: string | null;
            /** @description Identity over time: two objects of one name that lived one after the other differ in it. */
            uid?: string;
        };
        /** @description Which objects of a bundle; what is empty says any. */
        ObjectTarget: {
            /** @description Their kind, for instance `ResourceQuota`. */
            kind?: string;
            /** @description Their name, before variables are filled in. */
            name?: string;
            /** @description Their namespace, as the bundle says it, before variables are filled in. */
            namespace?: string;
        };
        /** @description What is different on some clusters. */
        Override: {
            /** @description Label selector over clusters; empty for all. */
            clusters?: string;
            /** @description RFC 7396 merge patch over each of them. */
            patch: Record<string, never>;
            /** @description Which objects. */
            target?: components["schemas"]["ObjectTarget"];
        };
        /** @description The pod of a workspace. */
        PodStatus: {
            /** @description What the container that a person works in is called; empty: `workspace`. */
            container?: string;
            /** @description Its name. */
            name: string;
            /** @description Its node. */
            node?: string;
            /**
             * Format: int32
             * @description Restarts of its workspace container.
             */
            restarts?: number;
            /**
             * Format: date-time
             * @description When its workspace container started.
             */
            startedAt?: string | null;
            /** @description Its uid: another one means another pod. */
            uid: string;
        };
        /** @description What a release would be. Sealed values are masked. */
        Preview: {
            /**
             * @description The difference to what the release has on the cluster.
             * @default []
             */
            changes: components["schemas"]["PreviewChange"][];
            /**
             * @description The cluster it was made for.
             * @default
             */
            cluster: string;
            /**
             * @description The objects.
             * @default []
             */
            documents: components["schemas"]["PreviewDocument"][];
            /** @default null */
            error: components["schemas"]["PreviewError"] | null;
            /**
             * @description What runs before and after.
             * @default []
             */
            hooks: components["schemas"]["PreviewHook"][];
            /**
             * @description Where values come from.
             * @default []
             */
            layers: components["schemas"]["ValueLayer"][];
            /**
             * @description What the chart would tell.
             * @default
             */
            notes: string;
            /**
             * @description What the chart's schema says against the values.
             * @default []
             */
            schema: components["schemas"]["SchemaError"][];
            /**
             * @description The chart's version that was resolved.
             * @default
             */
            version: string;
            /**
             * @description What else is to be known: the cluster is away, so its version is guessed, and the like.
             * @default []
             */
            warnings: string[];
        };
        /** @description An object that runs now or would. */
        PreviewChange: {
            /**
             * @description As it would be, YAML; empty when it goes.
             * @default
             */
            after: string;
            /**
             * @description As the release has it now, YAML; empty when it is new.
             * @default
             */
            before: string;
            /**
             * @description What becomes of it.
             * @default same
             */
            change: components["schemas"]["PreviewVerb"];
            /**
             * @description `Kind namespace/name`.
             * @default
             */
            object: string;
        };
        /** @description An object that would be there. */
        PreviewDocument: {
            /**
             * @description Its kind.
             * @default
             */
            kind: string;
            /**
             * @description Its name.
             * @default
             */
            name: string;
            /**
             * @description Its namespace; empty for what has none, or when the chart leaves it to the release.
             * @default
             */
            namespace: string;
            /**
             * @description The template it comes from.
             * @default
             */
            source: string;
            /**
             * @description The object, YAML.
             * @default
             */
            text: string;
        };
        /** @description Why nothing can be rendered. */
        PreviewError: {
            /**
             * @description The chart's file; empty when it is about none.
             * @default
             */
            file: string;
            /**
             * Format: int32
             * @description The line in it; 0: not known.
             * @default 0
             */
            line: number;
            /**
             * @description What to do about it.
             * @default
             */
            mend: string;
            /**
             * @description What is wrong.
             * @default
             */
            message: string;
            /**
             * @description The value or field it is about.
             * @default
             */
            path: string;
        };
        /** @description Something that runs before or after. */
        PreviewHook: {
            /**
             * @description The object.
             * @default {
             *       "source": "",
             *       "kind": "",
             *       "namespace": "",
             *       "name": "",
             *       "text": ""
             *     }
             */
            document: components["schemas"]["PreviewDocument"];
            /**
             * @description When: `pre-install`, `post-upgrade`, `test`, …
             * @default []
             */
            events: string[];
            /**
             * Format: int32
             * @description In which order.
             * @default 0
             */
            weight: number;
        };
        /** @description What is asked of a preview. */
        PreviewRequest: {
            /** @description For which cluster of its group; none: the first. */
            cluster?: string | null;
            /** @description The release as it would be. */
            spec: components["schemas"]["ReleaseSpec"];
        };
        /**
         * @description What becomes of an object.
         * @enum {string}
         */
        PreviewVerb: "added" | "removed" | "changed" | "same";
        /** @description How far something is. */
        Progress: {
            /**
             * Format: int64
             * @description So many are done.
             */
            done: number;
            /**
             * Format: int64
             * @description Of so many.
             */
            of: number;
        };
        /**
         * @description How a workspace is reached.
         * @enum {string}
         */
        Protocol: "rfb";
        /**
         * @description Where a cluster comes from.
         * @enum {string}
         */
        Provider: "local" | "import";
        /** @description A chart that is installed, on one cluster or on each of a group. */
        Release: {
            /** @description `nagaya.dev/v1alpha1`. */
            apiVersion: string;
            /** @description The kind. */
            kind: components["schemas"]["Kind"];
            /** @description Metadata. */
            metadata: components["schemas"]["ObjectMeta"];
            /** @description What is wanted. */
            spec: components["schemas"]["ReleaseSpec"];
            /** @description What is; only the server writes it. */
            status?: components["schemas"]["ReleaseStatus"];
        };
        /** @description A release on one cluster. */
        ReleaseCluster: {
            /**
             * @description The version of what the chart installs.
             * @default
             */
            appVersion: string;
            /**
             * @description The chart's version there.
             * @default
             */
            chartVersion: string;
            /**
             * @description Name of the cluster.
             * @default
             */
            cluster: string;
            /**
             * @description What others changed, and was undone.
             * @default {
             *       "count": 0
             *     }
             */
            drift: components["schemas"]["BundleDrift"];
            /**
             * @description As Helm calls its state: `deployed`, `pending-upgrade`, …
             * @default
             */
            helmStatus: string;
            /**
             * @description Its revisions, newest first; at most 10.
             * @default []
             */
            history: components["schemas"]["HistoryLine"][];
            /**
             * @description Hash of the values of groups and cluster that it was given, which say when those are others by now.
             * @default
             */
            layers: string;
            /**
             * @description Why, in English: object, field, mend.
             * @default
             */
            message: string;
            /**
             * @description What the chart tells whoever installed it; secrets are masked.
             * @default
             */
            notes: string;
            /**
             * @description The objects; those that are not ready first. At most 100.
             * @default []
             */
            objects: components["schemas"]["ObjectLine"][];
            /**
             * Format: int32
             * @description Of them those that are ready.
             * @default 0
             */
            ready: number;
            /**
             * Format: int32
             * @description Helm's revision there; 0: none yet.
             * @default 0
             */
            revision: number;
            /**
             * Format: date-time
             * @description Since when the state is what it is.
             * @default null
             */
            since: string | null;
            /**
             * @description Where it stands.
             * @default Waiting
             */
            state: components["schemas"]["ReleaseState"];
            /**
             * @description What is being done, in words.
             * @default
             */
            step: string;
            /**
             * Format: int32
             * @description Which run of its tests `tests` are of; see [`super::TEST_ANNOTATION`].
             * @default 0
             */
            tested: number;
            /**
             * @description How its tests went, the last time that they ran.
             * @default []
             */
            tests: components["schemas"]["ReleaseTestLine"][];
            /**
             * Format: int32
             * @description Objects it has.
             * @default 0
             */
            total: number;
            /**
             * Format: int64
             * @description The version of the release it was given; 0: none yet.
             * @default 0
             */
            version: number;
        };
        /** @description Objects of kind Release. */
        ReleaseList: {
            apiVersion: string;
            items: components["schemas"]["Release"][];
            kind: string;
            metadata: components["schemas"]["ListMeta"];
        };
        /** @description What is wanted of a release. */
        ReleaseSpec: {
            /** @description Whether an upgrade that fails is rolled back, and an install that fails removed. */
            atomic?: boolean;
            /** @description Name of the chart in it. */
            chart: string;
            /** @description Name of the Cluster it goes to. Either this or `group`. */
            cluster?: string | null;
            /** @description Whether the chart's CRDs are installed. */
            crds?: boolean;
            /** @description Whether the namespace is made when it is not there. */
            createNamespace?: boolean;
            /** @description Name of the Group whose clusters it goes to. */
            group?: string | null;
            /** @description Whether the chart's hooks run. */
            hooks?: boolean;
            /** @description Fields of its objects that others own. */
            ignore?: components["schemas"]["IgnoreRule"][];
            /** @description The Kubernetes namespace it goes to. */
            namespace: string;
            /** @description What Helm calls it; empty: as this object. */
            releaseName?: string;
            /** @description Name of the Repository. */
            repository: string;
            /** @description How a new version reaches the clusters of a group. */
            rollout?: components["schemas"]["Rollout"];
            /** @description Values that are sealed. */
            secrets?: components["schemas"]["SecretValue"][];
            /** @description Whether it is left as it is for now. */
            suspended?: boolean;
            /** @description Name of the team whose it is; absent: operations'. */
            team?: string | null;
            /**
             * Format: int32
             * @description How long one step may take, in seconds.
             */
            timeoutSeconds?: number;
            /** @description Values that differ from those of chart, group and cluster; null takes one away. */
            values?: Record<string, never>;
            /** @description Its version, or a constraint such as `^5.1` or `>=1.2 <2`: the newest that fits is taken, also later on. Empty: the newest. */
            version?: string;
            /** @description Whether a revision is only done once its objects are ready. */
            wait?: boolean;
        };
        /**
         * @description How a release stands.
         * @enum {string}
         */
        ReleaseState: "Installing" | "Upgrading" | "RollingBack" | "Uninstalling" | "Ready" | "NotReady" | "Failed" | "Unreachable" | "Conflict" | "Waiting";
        /** @description What is known of a release. */
        ReleaseStatus: {
            /**
             * @description The clusters that should have it, or have it still, by name.
             * @default []
             */
            clusters: components["schemas"]["ReleaseCluster"][];
            /**
             * @description Conditions: `Ready`, and `Resolved` (the chart was found).
             * @default []
             */
            conditions: components["schemas"]["Condition"][];
            /**
             * @description SHA-256 of the chart's archive, in hexadecimal.
             * @default
             */
            digest: string;
            /**
             * Format: int64
             * @description Number of the newest version of this release.
             * @default 0
             */
            latest: number;
            /**
             * Format: int64
             * @description The generation of the spec that this is about.
             * @default 0
             */
            observedGeneration: number;
            /**
             * @description Those counted.
             * @default {
             *       "targets": 0,
             *       "ready": 0,
             *       "updated": 0,
             *       "failed": 0
             *     }
             */
            summary: components["schemas"]["ReleaseSummary"];
            /**
             * @description The chart's version that was resolved.
             * @default
             */
            version: string;
            /**
             * @description Versions of this release that are kept, newest first.
             * @default []
             */
            versions: components["schemas"]["ReleaseVersionLine"][];
        };
        /** @description A release's clusters counted. */
        ReleaseSummary: {
            /**
             * Format: int32
             * @description Those where it failed, or is in conflict.
             * @default 0
             */
            failed: number;
            /**
             * Format: int32
             * @description Of them those that have the newest version and are ready.
             * @default 0
             */
            ready: number;
            /**
             * Format: int32
             * @description Clusters that should have it.
             * @default 0
             */
            targets: number;
            /**
             * Format: int32
             * @description Those that have the newest version.
             * @default 0
             */
            updated: number;
        };
        /** @description A test of a chart, as it ran last. */
        ReleaseTestLine: {
            /**
             * @description Why not, in words.
             * @default
             */
            message: string;
            /**
             * @description `Kind namespace/name`.
             * @default
             */
            object: string;
            /**
             * @description Whether it succeeded.
             * @default false
             */
            passed: boolean;
        };
        /** @description A release's values. */
        ReleaseValues: {
            /**
             * @description The cluster they are for.
             * @default
             */
            cluster: string;
            /**
             * @description Where they come from.
             * @default []
             */
            layers: components["schemas"]["ValueLayer"][];
            /** @description What the layers say; with `all`, the chart's own beneath. Sealed values are masked. */
            values?: Record<string, never>;
        };
        /** @description What a release was at one time. */
        ReleaseVersion: {
            /** @description `nagaya.dev/v1alpha1`. */
            apiVersion: string;
            /** @description The kind. */
            kind: components["schemas"]["Kind"];
            /** @description Metadata. */
            metadata: components["schemas"]["ObjectMeta"];
            /** @description What is wanted. */
            spec: components["schemas"]["ReleaseVersionSpec"];
            /** @description What is; only the server writes it. */
            status?: components["schemas"]["ReleaseVersionStatus"];
        };
        /** @description One version of a release. */
        ReleaseVersionLine: {
            /**
             * Format: date-time
             * @description When it was made.
             * @default null
             */
            at: string | null;
            /**
             * @description Who changed the release; empty when a new chart version came.
             * @default
             */
            by: string;
            /**
             * @description Version of the chart.
             * @default
             */
            chartVersion: string;
            /**
             * Format: int64
             * @description The release's generation it was made of.
             * @default 0
             */
            generation: number;
            /**
             * @description What they said about it.
             * @default
             */
            message: string;
            /**
             * Format: int64
             * @description The version it brought back; 0: none.
             * @default 0
             */
            rollbackTo: number;
            /**
             * Format: int64
             * @description Its number, from 1.
             * @default 0
             */
            version: number;
        };
        /** @description Objects of kind ReleaseVersion. */
        ReleaseVersionList: {
            apiVersion: string;
            items: components["schemas"]["ReleaseVersion"][];
            kind: string;
            metadata: components["schemas"]["ListMeta"];
        };
        /** @description The content of one version of a release. */
        ReleaseVersionSpec: {
            /** @description Whether what fails is undone. */
            atomic?: boolean;
            /** @description Who changed the release; empty when that is not known. */
            by?: string;
            /** @description The chart. */
            chart: components["schemas"]["ResolvedChart"];
            /** @description The version that was asked for. */
            constraint?: string;
            /** @description Whether CRDs are installed. */
            crds?: boolean;
            /** @description Whether the namespace is made. */
            createNamespace?: boolean;
            /**
             * Format: int64
             * @description The release's generation it was made of.
             */
            generation: number;
            /** @description Whether hooks run. */
            hooks?: boolean;
            /** @description Fields that others own. */
            ignore?: components["schemas"]["IgnoreRule"][];
            /** @description What they said about it. */
            message?: string;
            /** @description Name of the release. */
            release: string;
            /**
             * Format: int64
             * @description The version it brings back; 0: none.
             */
            rollbackTo?: number;
            /** @description Values that are sealed. */
            secrets?: components["schemas"]["SecretValue"][];
            /** @description The team whose the release is. */
            team?: string | null;
            /**
             * Format: int32
             * @description How long one step may take, in seconds.
             */
            timeoutSeconds?: number;
            /** @description Uid of the release: another one of its name has versions of its own. */
            uid: string;
            /** @description Values. */
            values?: Record<string, never>;
            /**
             * Format: int64
             * @description Its number, from 1.
             */
            version: number;
            /** @description Whether its objects are waited for. */
            wait?: boolean;
        };
        /** @description What is known of a version: nothing beyond its content. */
        ReleaseVersionStatus: Record<string, never>;
        /** @description Where charts come from, and who may install which of them. */
        Repository: {
            /** @description `nagaya.dev/v1alpha1`. */
            apiVersion: string;
            /** @description The kind. */
            kind: components["schemas"]["Kind"];
            /** @description Metadata. */
            metadata: components["schemas"]["ObjectMeta"];
            /** @description What is wanted. */
            spec: components["schemas"]["RepositorySpec"];
            /** @description What is; only the server writes it. */
            status?: components["schemas"]["RepositoryStatus"];
        };
        /** @description Objects of kind Repository. */
        RepositoryList: {
            apiVersion: string;
            items: components["schemas"]["Repository"][];
            kind: string;
            metadata: components["schemas"]["ListMeta"];
        };
        /** @description Credentials for a repository. */
        RepositorySecret: {
            /**
             * @description Password or token; empty: what was sealed is forgotten.
             * @default
             */
            password: string;
            /**
             * @description User.
             * @default
             */
            user: string;
        };
        /** @description What is wanted of a repository. */
        RepositorySpec: {
            /** @description What teams may install by themselves; empty: nothing, it is for operations. */
            allow?: components["schemas"]["AllowRule"][];
            /** @description Certificates, PEM, of the authority that its server's own is from, beside those that this host trusts. */
            ca?: string;
            /** @description For OCI: the charts it has, since a registry tells no list of them. */
            charts?: string[];
            /**
             * Format: int32
             * @description Seconds between two looks.
             */
            intervalSeconds?: number;
            /**
             * @description Where it is: `https://…` with an index.yaml, `oci://…` for a registry, or `file:///…` for a folder of charts below
             *     one that the server's `chartPaths` names. Without user or password.
             */
            url: string;
        };
        /** @description What is known of a repository. */
        RepositoryStatus: {
            /**
             * Format: int32
             * @description Number of charts.
             * @default 0
             */
            charts: number;
            /**
             * @description Conditions: `Ready`.
             * @default []
             */
            conditions: components["schemas"]["Condition"][];
            /**
             * @description SHA-256 of what it offers, in hexadecimal: another one says that something is new.
             * @default
             */
            digest: string;
            /**
             * Format: date-time
             * @description When its index was read last.
             * @default null
             */
            fetchedAt: string | null;
            /**
             * Format: int64
             * @description The generation of the spec that this is about.
             * @default 0
             */
            observedGeneration: number;
            /**
             * Format: int32
             * @description Number of versions of all charts.
             * @default 0
             */
            versions: number;
        };
        /** @description A chart of one version, by what it is made of. */
        ResolvedChart: {
            /**
             * @description The version of what it installs.
             * @default
             */
            appVersion: string;
            /**
             * @description SHA-256 of its archive, in hexadecimal.
             * @default
             */
            digest: string;
            /**
             * @description Its name.
             * @default
             */
            name: string;
            /**
             * @description Its repository.
             * @default
             */
            repository: string;
            /**
             * @description Its version.
             * @default
             */
            version: string;
        };
        /** @description What a workspace may use. */
        Resources: {
            /** @description CPU that is kept free for it. */
            cpu: components["schemas"]["MilliCpu"];
            cpuLimit?: components["schemas"]["MilliCpu"] | null;
            /** @description Memory that is kept free for it. */
            memory: components["schemas"]["Bytes"];
            memoryLimit?: components["schemas"]["Bytes"] | null;
        };
        /** @description What a release is to be rolled back to. */
        RollbackRequest: {
            /**
             * Format: int64
             * @description Number of the version; 0: the one before the newest.
             */
            version?: number;
        };
        /** @description How a new version reaches the clusters. */
        Rollout: {
            /**
             * @description How many clusters that have the new version may be not ready at one time: a number, or a part of the
             *     clusters (`25%`, rounded down). At least 1 in any case.
             * @default 25%
             */
            maxUnready: string;
            /**
             * @description Whether clusters keep the version that they have.
             * @default false
             */
            paused: boolean;
            /**
             * @description Label selectors over clusters: those of the first get the new version first. What none selects is the last wave.
             * @default []
             */
            waves: string[];
        };
        /** @description A value that the chart's schema does not accept. */
        SchemaError: {
            /**
             * @description What is wrong.
             * @default
             */
            message: string;
            /**
             * @description Where in the values: `controller.replicas`.
             * @default
             */
            path: string;
        };
        /** @description The keys that seal secrets. */
        Sealing: {
            /** @description The keys, the one that seals first. */
            keys: components["schemas"]["SealingKey"][];
            rotating?: components["schemas"]["Progress"] | null;
            /** @description Where they lie: `file` or `command`. */
            source: string;
        };
        /** @description One of the keys. */
        SealingKey: {
            /** @description Whether it is given now; without it, what is sealed with it does not open. */
            given: boolean;
            /** @description Its id, which follows from it. */
            id: string;
            /** @description Whether it seals. */
            seals: boolean;
            /**
             * Format: int64
             * @description How many values are sealed with it.
             */
            values: number;
        };
        /** @description A rotation that is done. */
        SealingRotated: {
            /** @description The key before, with which nothing is sealed any more. */
            before: string;
            /** @description The key that seals now. */
            key: string;
            /**
             * Format: int64
             * @description How many values were sealed again.
             */
            values: number;
        };
        /** @description A value that is sealed in Nagaya's store and filled in on the way to the cluster. */
        SecretValue: {
            /** @description Where it goes in the values, for instance `controller.admin.password`; `\.` is a dot within a name. */
            path: string;
            /** @description The name it is sealed under: `nagaya release secret RELEASE NAME`. */
            secret: string;
        };
        /** @description Values to seal, by name; an empty one is forgotten. */
        SecretValues: {
            [key: string]: string;
        };
        /** @description A folder of objects in a Git repository. */
        Source: {
            /** @description `nagaya.dev/v1alpha1`. */
            apiVersion: string;
            /** @description The kind. */
            kind: components["schemas"]["Kind"];
            /** @description Metadata. */
            metadata: components["schemas"]["ObjectMeta"];
            /** @description What is wanted. */
            spec: components["schemas"]["SourceSpec"];
            /** @description What is; only the server writes it. */
            status?: components["schemas"]["SourceStatus"];
        };
        /** @description Where the Kubernetes objects of a source's folder go: the rest of a bundle that is named like the source. */
        SourceBundle: {
            /** @description For what the objects are repeated. */
            each?: components["schemas"]["Each"];
            /** @description Names of Groups; a cluster in any of them gets the objects. */
            groups: string[];
            /** @description Fields that others own. */
            ignore?: components["schemas"]["IgnoreRule"][];
            /** @description What is different on some clusters, in order. */
            overrides?: components["schemas"]["Override"][];
            /** @description How a new version reaches the clusters. */
            rollout?: components["schemas"]["Rollout"];
        };
        /** @description One thing in a commit for which nothing of it was applied. */
        SourceError: {
            /**
             * @description The field.
             * @default
             */
            field: string;
            /**
             * @description The file, from the root of the repository.
             * @default
             */
            file: string;
            /**
             * Format: int32
             * @description The line in it where the object begins, or where it does not read; 0: not known.
             * @default 0
             */
            line: number;
            /**
             * @description What to do about it.
             * @default
             */
            mend: string;
            /**
             * @description What is wrong.
             * @default
             */
            message: string;
            /**
             * @description `Kind/name`.
             * @default
             */
            object: string;
        };
        /** @description Objects of kind Source. */
        SourceList: {
            apiVersion: string;
            items: components["schemas"]["Source"][];
            kind: string;
            metadata: components["schemas"]["ListMeta"];
        };
        /** @description An object that a source applied. */
        SourceObject: {
            /** @description The commit that gave it what it has. */
            commit: string;
            /** @description Its kind. */
            kind: components["schemas"]["Kind"];
            /** @description Whether the source made it; one that was there before is never deleted. */
            made: boolean;
            /** @description Its name. */
            name: string;
            /** @description Its uid: another object of that name is not the source's. */
            uid: string;
        };
        /** @description What is wanted of a source. */
        SourceSpec: {
            bundle?: components["schemas"]["SourceBundle"] | null;
            /**
             * @description The certificate authority behind the repository's certificate, PEM, where it is none that the server's host
             *     trusts. Only it is trusted for this source then.
             */
            ca?: string;
            /**
             * Format: int32
             * @description Seconds between two looks.
             */
            intervalSeconds?: number;
            /** @description The folder in it; empty: all of the repository. */
            path?: string;
            /** @description Whether objects that it made and that left the folder are deleted. Clusters, users and workspaces never are. */
            prune?: boolean;
            /** @description Branch, tag or full commit. */
            ref?: string;
            /** @description Whether it leaves everything as it is for now. */
            suspended?: boolean;
            /**
             * @description The repository: `https://…`, without user or password; or `file:///…` below a folder that the server's
             *     `sourcePaths` names.
             */
            url: string;
        };
        /** @description What is known of a source. */
        SourceStatus: {
            /**
             * @description The commit that is applied.
             * @default
             */
            commit: string;
            /**
             * @description Conditions: `Ready`.
             * @default []
             */
            conditions: components["schemas"]["Condition"][];
            /**
             * @description Why it was not; at most 50.
             * @default []
             */
            errors: components["schemas"]["SourceError"][];
            /**
             * @description The commit that could not be applied, when `errors` are about one.
             * @default
             */
            failedCommit: string;
            /**
             * Format: date-time
             * @description When it was applied first.
             * @default null
             */
            fetchedAt: string | null;
            /**
             * @description The objects applied, in order.
             * @default []
             */
            objects: components["schemas"]["SourceObject"][];
            /**
             * Format: int64
             * @description The generation of the spec that this is about.
             * @default 0
             */
            observedGeneration: number;
        };
        /** @description When a step was reached. */
        Step: {
            /**
             * Format: date-time
             * @description When it was reached; absent while it is waited for.
             */
            at?: string | null;
            /** @description Which step. */
            name: components["schemas"]["StepName"];
        };
        /**
         * @description A step on the way from a click to a desktop, in order.
         * @enum {string}
         */
        StepName: "Accepted" | "Home" | "Scheduled" | "Started" | "Ready";
        /** @description People, and the cluster and namespace where their new workspaces go. */
        Team: {
            /** @description `nagaya.dev/v1alpha1`. */
            apiVersion: string;
            /** @description The kind. */
            kind: components["schemas"]["Kind"];
            /** @description Metadata. */
            metadata: components["schemas"]["ObjectMeta"];
            /** @description What is wanted. */
            spec: components["schemas"]["TeamSpec"];
            /** @description What is; only the server writes it. */
            status?: components["schemas"]["TeamStatus"];
        };
        /** @description Objects of kind Team. */
        TeamList: {
            apiVersion: string;
            items: components["schemas"]["Team"][];
            kind: string;
            metadata: components["schemas"]["ListMeta"];
        };
        /**
         * @description What a person may do in a team.
         * @enum {string}
         */
        TeamRole: "member" | "team-admin";
        /** @description What is wanted of a team. */
        TeamSpec: {
            /** @description The cluster where new workspaces go. */
            cluster: string;
            /** @description The name shown. */
            displayName?: string;
            /** @description The people. */
            members?: components["schemas"]["Member"][];
            /** @description The Kubernetes namespace where they go; empty for one named as the team. */
            namespace?: string;
        };
        /** @description What is known of a team. */
        TeamStatus: Record<string, never>;
        /** @description How a workspace of a kind looks. One with `metadata.team` is that team's own; one without is for all. */
        Template: {
            /** @description `nagaya.dev/v1alpha1`. */
            apiVersion: string;
            /** @description The kind. */
            kind: components["schemas"]["Kind"];
            /** @description Metadata. */
            metadata: components["schemas"]["ObjectMeta"];
            /** @description What is wanted. */
            spec: components["schemas"]["TemplateSpec"];
            /** @description What is; only the server writes it. */
            status?: components["schemas"]["TemplateStatus"];
        };
        /** @description A chart that is an environment: a workspace is a release of it, called as the workspace, in the team's namespace. */
        TemplateChart: {
            /** @description Name of the chart in it. */
            chart: string;
            /**
             * @description Where in the values the chart takes the name of the PersistentVolumeClaim of the home, for instance
             *     `persistence.existingClaim`. Empty: it keeps nothing, and there is no home.
             */
            homeValue?: string;
            /** @description Name of the Repository. */
            repository: string;
            /** @description Name of the Service that `ports` are of; `{workspace}` stands for the workspace's name. Empty: as the workspace. */
            service?: string;
            /** @description Values that differ from those of chart, group and cluster; null takes one away. */
            values?: Record<string, never>;
            /**
             * @description Its version, or a constraint such as `^5.1` or `>=1.2 <2`: the newest that fits, for workspaces that are started from
             *     then on. Empty: the newest.
             */
            version?: string;
        };
        /** @description Objects of kind Template. */
        TemplateList: {
            apiVersion: string;
            items: components["schemas"]["Template"][];
            kind: string;
            metadata: components["schemas"]["ListMeta"];
        };
        /** @description One port that may be reached from outside. */
        TemplatePort: {
            /** @description Its name. */
            name: string;
            /**
             * Format: int32
             * @description Its number: on the pod's loopback, or of a chart's Service.
             */
            port: number;
            /** @description What is spoken on it. */
            protocol?: components["schemas"]["Protocol"];
        };
        /** @description What is wanted of a template. */
        TemplateSpec: {
            chart?: components["schemas"]["TemplateChart"] | null;
            /** @description What it is for, in a sentence. */
            description?: string;
            /** @description The name shown. */
            displayName?: string;
            /** @description Environment of the workspace's programs. With an image only. */
            environment?: {
                [key: string]: string;
            };
            /** @description Size of the home. A change is for homes made afterwards. */
            homeSize: components["schemas"]["Bytes"];
            /** @description Name of the Image. Either this or `chart`. */
            image?: string;
            /** @description Ports that may be reached; the first is the one "Open" shows. */
            ports?: components["schemas"]["TemplatePort"][];
            resources?: components["schemas"]["Resources"] | null;
        };
        /** @description What is known of a template. */
        TemplateStatus: {
            /** @default null */
            chart: components["schemas"]["ResolvedChart"] | null;
            /**
             * @description Conditions: `Resolved` of one with a chart: whether it was found, takes the values, and makes the Service.
             * @default []
             */
            conditions: components["schemas"]["Condition"][];
            /**
             * Format: int32
             * @description Workspaces made from it, deleted ones not counted.
             * @default 0
             */
            workspaces: number;
        };
        /** @description A token, without its secret. */
        TokenInfo: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it ends; absent: when it is deleted.
             */
            expiresAt?: string | null;
            /** @description Its identity, no secret. */
            id: string;
            /**
             * Format: date-time
             * @description When it was last used; absent: never.
             */
            lastUsedAt?: string | null;
            /** @description What it is for. */
            name: string;
        };
        /** @description One's tokens. */
        TokenList: {
            /** @description The tokens, newest first. */
            items: components["schemas"]["TokenInfo"][];
        };
        /** @description A token to make. */
        TokenRequest: {
            /**
             * Format: date-time
             * @description When it ends; absent: when it is deleted.
             */
            expiresAt?: string | null;
            /** @description What it is for, in the owner's words. */
            name: string;
        };
        /** @description What would be removed from a cluster once a person confirms it. */
        Unconfirmed: {
            /**
             * Format: int32
             * @description How many objects.
             */
            count: number;
            /** @description The value that [`CONFIRM_PRUNE_ANNOTATION`] confirms them with. */
            incarnation: string;
            /** @description The first 1,000 of them: `Kind namespace/name`. */
            objects: string[];
        };
        /** @description A person who logs in. */
        User: {
            /** @description `nagaya.dev/v1alpha1`. */
            apiVersion: string;
            /** @description The kind. */
            kind: components["schemas"]["Kind"];
            /** @description Metadata. */
            metadata: components["schemas"]["ObjectMeta"];
            /** @description What is wanted. */
            spec: components["schemas"]["UserSpec"];
            /** @description What is; only the server writes it. */
            status?: components["schemas"]["UserStatus"];
        };
        /** @description Objects of kind User. */
        UserList: {
            apiVersion: string;
            items: components["schemas"]["User"][];
            kind: string;
            metadata: components["schemas"]["ListMeta"];
        };
        /** @description What is wanted of a user. Passwords are not part of the object. */
        UserSpec: {
            /**
             * @description Whether the person is of operations: role `admin`, over all teams.
             * @default false
             */
            admin: boolean;
            /**
             * @description Whether the account is closed: no login, tokens refused, live streams ended.
             * @default false
             */
            disabled: boolean;
            /**
             * @description The name shown.
             * @default
             */
            displayName: string;
        };
        /** @description What is known of a user. */
        UserStatus: {
            /**
             * @description Whether a password is set.
             * @default false
             */
            hasPassword: boolean;
        };
        /** @description Where a value comes from. */
        ValueLayer: {
            /**
             * @description What stands below it, the nearest first.
             * @default []
             */
            hides: components["schemas"]["HiddenValue"][];
            /**
             * @description `group NAME`, `cluster NAME`, `release` or `secret`. What no layer but the chart says is not listed.
             * @default
             */
            layer: string;
            /**
             * @description Where in the values: `controller.replicas`; a dot within a name is `\.`.
             * @default
             */
            path: string;
            /** @description What it is. */
            value?: Record<string, never>;
        };
        /** @description Which build answers. */
        Version: {
            /** @description Version of the API. */
            api: string;
            /** @description Version of Nagaya. */
            version: string;
        };
        /** @description One version of a bundle. */
        VersionLine: {
            /**
             * Format: date-time
             * @description When it was made.
             * @default null
             */
            at: string | null;
            /**
             * @description Who changed the bundle.
             * @default
             */
            by: string;
            /**
             * Format: int64
             * @description The bundle's generation it was made of.
             * @default 0
             */
            generation: number;
            /**
             * @description What they said about it: the bundle's annotation `nagaya.dev/message` then.
             * @default
             */
            message: string;
            /**
             * Format: int64
             * @description Its number, from 1.
             * @default 0
             */
            version: number;
        };
        /** @description One person's environment. */
        Workspace: {
            /** @description `nagaya.dev/v1alpha1`. */
            apiVersion: string;
            /** @description The kind. */
            kind: components["schemas"]["Kind"];
            /** @description Metadata. */
            metadata: components["schemas"]["ObjectMeta"];
            /** @description What is wanted. */
            spec: components["schemas"]["WorkspaceSpec"];
            /** @description What is; only the server writes it. */
            status?: components["schemas"]["WorkspaceStatus"];
        };
        /** @description How many workspaces. */
        WorkspaceCount: {
            /**
             * Format: int32
             * @description Running.
             */
            running: number;
            /**
             * Format: int32
             * @description Placed there, deleted ones not counted.
             */
            total: number;
        };
        /** @description Objects of kind Workspace. */
        WorkspaceList: {
            apiVersion: string;
            items: components["schemas"]["Workspace"][];
            kind: string;
            metadata: components["schemas"]["ListMeta"];
        };
        /**
         * @description Where a workspace stands.
         * @enum {string}
         */
        WorkspacePhase: "Pending" | "Starting" | "Running" | "Stopping" | "Stopped" | "Failed" | "Deleted" | "Purging";
        /** @description What is wanted of a workspace. */
        WorkspaceSpec: {
            /** @description The cluster it was put on; set when it is created, from its team. Only a move changes it. */
            cluster?: string;
            homeSize?: components["schemas"]["Bytes"] | null;
            /** @description The Kubernetes namespace it was put in; set when it is created, from its team. */
            namespace?: string;
            /** @description Name of the user whose it is. */
            owner: string;
            /** @description Whether it should run. */
            state?: components["schemas"]["WorkspaceState"];
            /** @description Name of the team. */
            team: string;
            /** @description Name of the template. */
            template: string;
        };
        /**
         * @description What a workspace should be.
         * @enum {string}
         */
        WorkspaceState: "Running" | "Stopped" | "Deleted";
        /** @description What is known of a workspace. */
        WorkspaceStatus: {
            /**
             * @description Kubernetes' latest events about it, newest first, at most 20.
             * @default []
             */
            events: components["schemas"]["EventLine"][];
            /**
             * @description The same in English words.
             * @default
             */
            message: string;
            /**
             * @description Whether its template changed since its pod started: the next start takes the change.
             * @default false
             */
            outdated: boolean;
            /**
             * @description Where it stands.
             * @default Pending
             */
            phase: components["schemas"]["WorkspacePhase"];
            /** @default null */
            pod: components["schemas"]["PodStatus"] | null;
            /**
             * @description What it waits for or why it failed, as a code the console translates: `ImagePull`, `Quota`, `NoNode`, …
             * @default
             */
            reason: string;
            /**
             * Format: date-time
             * @description Since when.
             * @default null
             */
            since: string | null;
            /**
             * @description The steps of the present start.
             * @default []
             */
            steps: components["schemas"]["Step"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    audit: {
        parameters: {
            query?: {
                /** @description Go on where an answer ended */
                continue?: string;
                /** @description About objects of this kind */
                kind?: string;
                /** @description At most so many */
                limit?: number;
                /** @description About objects of this name */
                name?: string;
                /** @description Of this team */
                team?: string;
                /** @description By this user */
                user?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows the audit record, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditList"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listBundle: {
        parameters: {
            query?: {
                /** @description Go on where a list with a limit ended */
                continue?: string;
                /** @description Only objects whose labels match, as kubectl's -l */
                labelSelector?: string;
                /** @description At most so many */
                limit?: number;
                /** @description With watch: changes after this revision; none: from now on */
                resourceVersion?: string;
                /** @description Only objects of this team */
                team?: string;
                /** @description true to stream changes instead */
                watch?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists objects, or with `watch` streams their changes as server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BundleList"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    createBundle: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Bundle"];
            };
        };
        responses: {
            /** @description Makes an object */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bundle"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getBundle: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows an object */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bundle"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    replaceBundle: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Bundle"];
            };
        };
        responses: {
            /** @description Replaces an object; 409 when it changed since `metadata.resourceVersion` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bundle"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    deleteBundle: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deletes an object that nothing needs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bundle"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    patchBundle: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/apply-patch+json": Record<string, never>;
                "application/merge-patch+json": Record<string, never>;
            };
        };
        responses: {
            /** @description Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bundle"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    renderedBundle: {
        parameters: {
            query?: {
                /** @description Name of the cluster */
                cluster?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The Kubernetes objects that a cluster should have of a bundle, as a list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listBundleVersion: {
        parameters: {
            query?: {
                /** @description Go on where a list with a limit ended */
                continue?: string;
                /** @description Only objects whose labels match, as kubectl's -l */
                labelSelector?: string;
                /** @description At most so many */
                limit?: number;
                /** @description With watch: changes after this revision; none: from now on */
                resourceVersion?: string;
                /** @description Only objects of this team */
                team?: string;
                /** @description true to stream changes instead */
                watch?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists objects, or with `watch` streams their changes as server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BundleVersionList"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    createBundleVersion: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BundleVersion"];
            };
        };
        responses: {
            /** @description Makes an object */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BundleVersion"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getBundleVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows an object */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BundleVersion"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    replaceBundleVersion: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BundleVersion"];
            };
        };
        responses: {
            /** @description Replaces an object; 409 when it changed since `metadata.resourceVersion` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BundleVersion"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    deleteBundleVersion: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deletes an object that nothing needs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BundleVersion"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    patchBundleVersion: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/apply-patch+json": Record<string, never>;
                "application/merge-patch+json": Record<string, never>;
            };
        };
        responses: {
            /** @description Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BundleVersion"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listCharts: {
        parameters: {
            query?: {
                /** @description Only charts of this repository */
                repository?: string;
                /** @description Only charts whose name, description or keywords hold these words */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Charts that the caller may install */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChartList"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    versionsOfChart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                chart: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The versions of a chart; `name` is its repository */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChartVersions"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getChart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                chart: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A chart of one version, looked into; `latest` is the newest */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChartDetail"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    iconOfChart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                chart: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The icon of a chart */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/*": string;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listCluster: {
        parameters: {
            query?: {
                /** @description Go on where a list with a limit ended */
                continue?: string;
                /** @description Only objects whose labels match, as kubectl's -l */
                labelSelector?: string;
                /** @description At most so many */
                limit?: number;
                /** @description With watch: changes after this revision; none: from now on */
                resourceVersion?: string;
                /** @description Only objects of this team */
                team?: string;
                /** @description true to stream changes instead */
                watch?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists objects, or with `watch` streams their changes as server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterList"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    createCluster: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Cluster"];
            };
        };
        responses: {
            /** @description Makes an object */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getCluster: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows an object */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    replaceCluster: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Cluster"];
            };
        };
        responses: {
            /** @description Replaces an object; 409 when it changed since `metadata.resourceVersion` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    deleteCluster: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description For an imported cluster, what becomes of what Nagaya put there: keep, remove (all but homes), or forget (nothing is done there). Needed once its agent has connected; may be said again */
                objects?: string;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deletes an object that nothing needs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    patchCluster: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/apply-patch+json": Record<string, never>;
                "application/merge-patch+json": Record<string, never>;
            };
        };
        responses: {
            /** @description Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    joinTokenCluster: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentOptions"];
            };
        };
        responses: {
            /** @description Makes a token with which the cluster's agent joins, once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewJoinToken"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    kubeconfigCluster: {
        parameters: {
            query?: {
                /** @description How long it is good, 604800 at most (7 days); 43200 unless said (12 hours) */
                expirationSeconds?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A kubeconfig for the cluster, with a new token of the caller's, which ends */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    kubernetesRootCluster: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cluster's Kubernetes API, as the caller */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    kubernetesCluster: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cluster's Kubernetes API, as the caller */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    startCluster: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Starts a local cluster */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    stopCluster: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Stops a local cluster; its data stays */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listGroup: {
        parameters: {
            query?: {
                /** @description Go on where a list with a limit ended */
                continue?: string;
                /** @description Only objects whose labels match, as kubectl's -l */
                labelSelector?: string;
                /** @description At most so many */
                limit?: number;
                /** @description With watch: changes after this revision; none: from now on */
                resourceVersion?: string;
                /** @description Only objects of this team */
                team?: string;
                /** @description true to stream changes instead */
                watch?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists objects, or with `watch` streams their changes as server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupList"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    createGroup: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Group"];
            };
        };
        responses: {
            /** @description Makes an object */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows an object */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    replaceGroup: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Group"];
            };
        };
        responses: {
            /** @description Replaces an object; 409 when it changed since `metadata.resourceVersion` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    deleteGroup: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deletes an object that nothing needs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    patchGroup: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/apply-patch+json": Record<string, never>;
                "application/merge-patch+json": Record<string, never>;
            };
        };
        responses: {
            /** @description Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listImage: {
        parameters: {
            query?: {
                /** @description Go on where a list with a limit ended */
                continue?: string;
                /** @description Only objects whose labels match, as kubectl's -l */
                labelSelector?: string;
                /** @description At most so many */
                limit?: number;
                /** @description With watch: changes after this revision; none: from now on */
                resourceVersion?: string;
                /** @description Only objects of this team */
                team?: string;
                /** @description true to stream changes instead */
                watch?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists objects, or with `watch` streams their changes as server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageList"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    createImage: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Image"];
            };
        };
        responses: {
            /** @description Makes an object */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows an object */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    replaceImage: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Image"];
            };
        };
        responses: {
            /** @description Replaces an object; 409 when it changed since `metadata.resourceVersion` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    deleteImage: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deletes an object that nothing needs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    patchImage: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/apply-patch+json": Record<string, never>;
                "application/merge-patch+json": Record<string, never>;
            };
        };
        responses: {
            /** @description Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    joinManifestCluster: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The manifest with which an imported cluster joins; the join token in the address is the credential */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description Opens a session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ends the session or token of this request */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows who is logged in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listRelease: {
        parameters: {
            query?: {
                /** @description Go on where a list with a limit ended */
                continue?: string;
                /** @description Only objects whose labels match, as kubectl's -l */
                labelSelector?: string;
                /** @description At most so many */
                limit?: number;
                /** @description With watch: changes after this revision; none: from now on */
                resourceVersion?: string;
                /** @description Only objects of this team */
                team?: string;
                /** @description true to stream changes instead */
                watch?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists objects, or with `watch` streams their changes as server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseList"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    createRelease: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Release"];
            };
        };
        responses: {
            /** @description Makes an object */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getRelease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows an object */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    replaceRelease: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Release"];
            };
        };
        responses: {
            /** @description Replaces an object; 409 when it changed since `metadata.resourceVersion` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    deleteRelease: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deletes an object that nothing needs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    patchRelease: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/apply-patch+json": Record<string, never>;
                "application/merge-patch+json": Record<string, never>;
            };
        };
        responses: {
            /** @description Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    previewRelease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewRequest"];
            };
        };
        responses: {
            /** @description What a release would be; it need not exist, and nothing is changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    retryRelease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Has what failed tried again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    rollbackRelease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RollbackRequest"];
            };
        };
        responses: {
            /** @description Brings an earlier version back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    secretsRelease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecretValues"];
            };
        };
        responses: {
            /** @description Seals values, by name; an empty one is forgotten */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    testRelease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Has the chart's tests run; how they went is in the status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    valuesRelease: {
        parameters: {
            query?: {
                /** @description true to have the chart's own beneath */
                all?: boolean;
                /** @description For this cluster; none: the first */
                cluster?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The values of a release and where they come from; sealed ones are masked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseValues"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listReleaseVersion: {
        parameters: {
            query?: {
                /** @description Go on where a list with a limit ended */
                continue?: string;
                /** @description Only objects whose labels match, as kubectl's -l */
                labelSelector?: string;
                /** @description At most so many */
                limit?: number;
                /** @description With watch: changes after this revision; none: from now on */
                resourceVersion?: string;
                /** @description Only objects of this team */
                team?: string;
                /** @description true to stream changes instead */
                watch?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists objects, or with `watch` streams their changes as server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseVersionList"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    createReleaseVersion: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseVersion"];
            };
        };
        responses: {
            /** @description Makes an object */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseVersion"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getReleaseVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows an object */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseVersion"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    replaceReleaseVersion: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseVersion"];
            };
        };
        responses: {
            /** @description Replaces an object; 409 when it changed since `metadata.resourceVersion` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseVersion"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    deleteReleaseVersion: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deletes an object that nothing needs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseVersion"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    patchReleaseVersion: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/apply-patch+json": Record<string, never>;
                "application/merge-patch+json": Record<string, never>;
            };
        };
        responses: {
            /** @description Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseVersion"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listRepository: {
        parameters: {
            query?: {
                /** @description Go on where a list with a limit ended */
                continue?: string;
                /** @description Only objects whose labels match, as kubectl's -l */
                labelSelector?: string;
                /** @description At most so many */
                limit?: number;
                /** @description With watch: changes after this revision; none: from now on */
                resourceVersion?: string;
                /** @description Only objects of this team */
                team?: string;
                /** @description true to stream changes instead */
                watch?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists objects, or with `watch` streams their changes as server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RepositoryList"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    createRepository: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Repository"];
            };
        };
        responses: {
            /** @description Makes an object */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Repository"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getRepository: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows an object */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Repository"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    replaceRepository: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Repository"];
            };
        };
        responses: {
            /** @description Replaces an object; 409 when it changed since `metadata.resourceVersion` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Repository"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    deleteRepository: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deletes an object that nothing needs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Repository"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    patchRepository: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/apply-patch+json": Record<string, never>;
                "application/merge-patch+json": Record<string, never>;
            };
        };
        responses: {
            /** @description Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Repository"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    refreshRepository: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reads its index now; what went wrong is in the status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Repository"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    secretRepository: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RepositorySecret"];
            };
        };
        responses: {
            /** @description Seals the user and password for its server */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    sealing: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows the keys that seal secrets, without the keys themselves */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sealing"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    rotateSealing: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Seals all secrets with another key and forgets the one before; answers when it is done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SealingRotated"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listSource: {
        parameters: {
            query?: {
                /** @description Go on where a list with a limit ended */
                continue?: string;
                /** @description Only objects whose labels match, as kubectl's -l */
                labelSelector?: string;
                /** @description At most so many */
                limit?: number;
                /** @description With watch: changes after this revision; none: from now on */
                resourceVersion?: string;
                /** @description Only objects of this team */
                team?: string;
                /** @description true to stream changes instead */
                watch?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists objects, or with `watch` streams their changes as server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceList"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    createSource: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Source"];
            };
        };
        responses: {
            /** @description Makes an object */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows an object */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    replaceSource: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Source"];
            };
        };
        responses: {
            /** @description Replaces an object; 409 when it changed since `metadata.resourceVersion` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    deleteSource: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deletes an object that nothing needs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    patchSource: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/apply-patch+json": Record<string, never>;
                "application/merge-patch+json": Record<string, never>;
            };
        };
        responses: {
            /** @description Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    diffSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a sync would change now; nothing is changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Difference"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    secretSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSecret"];
            };
        };
        responses: {
            /** @description Seals the user and token for its repository, and the secret that signs its webhook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    syncSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Fetches and applies now; what went wrong is in the status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    webhookSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Has the repository looked at now; signed with the source's secret in X-Hub-Signature-256, or carrying it in X-Gitlab-Token */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listTeam: {
        parameters: {
            query?: {
                /** @description Go on where a list with a limit ended */
                continue?: string;
                /** @description Only objects whose labels match, as kubectl's -l */
                labelSelector?: string;
                /** @description At most so many */
                limit?: number;
                /** @description With watch: changes after this revision; none: from now on */
                resourceVersion?: string;
                /** @description Only objects of this team */
                team?: string;
                /** @description true to stream changes instead */
                watch?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists objects, or with `watch` streams their changes as server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TeamList"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    createTeam: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Team"];
            };
        };
        responses: {
            /** @description Makes an object */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getTeam: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows an object */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    replaceTeam: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Team"];
            };
        };
        responses: {
            /** @description Replaces an object; 409 when it changed since `metadata.resourceVersion` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    deleteTeam: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deletes an object that nothing needs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    patchTeam: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/apply-patch+json": Record<string, never>;
                "application/merge-patch+json": Record<string, never>;
            };
        };
        responses: {
            /** @description Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listTemplate: {
        parameters: {
            query?: {
                /** @description Go on where a list with a limit ended */
                continue?: string;
                /** @description Only objects whose labels match, as kubectl's -l */
                labelSelector?: string;
                /** @description At most so many */
                limit?: number;
                /** @description With watch: changes after this revision; none: from now on */
                resourceVersion?: string;
                /** @description Only objects of this team */
                team?: string;
                /** @description true to stream changes instead */
                watch?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists objects, or with `watch` streams their changes as server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateList"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    createTemplate: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Template"];
            };
        };
        responses: {
            /** @description Makes an object */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows an object */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    replaceTemplate: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Template"];
            };
        };
        responses: {
            /** @description Replaces an object; 409 when it changed since `metadata.resourceVersion` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    deleteTemplate: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deletes an object that nothing needs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    patchTemplate: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/apply-patch+json": Record<string, never>;
                "application/merge-patch+json": Record<string, never>;
            };
        };
        responses: {
            /** @description Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists one's API tokens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenList"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenRequest"];
            };
        };
        responses: {
            /** @description Makes an API token; its secret is shown this once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewTokenInfo"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    deleteToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ends an API token */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listUser: {
        parameters: {
            query?: {
                /** @description Go on where a list with a limit ended */
                continue?: string;
                /** @description Only objects whose labels match, as kubectl's -l */
                labelSelector?: string;
                /** @description At most so many */
                limit?: number;
                /** @description With watch: changes after this revision; none: from now on */
                resourceVersion?: string;
                /** @description Only objects of this team */
                team?: string;
                /** @description true to stream changes instead */
                watch?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists objects, or with `watch` streams their changes as server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserList"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    createUser: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["User"];
            };
        };
        responses: {
            /** @description Makes an object */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows an object */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    replaceUser: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["User"];
            };
        };
        responses: {
            /** @description Replaces an object; 409 when it changed since `metadata.resourceVersion` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    deleteUser: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deletes an object that nothing needs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    patchUser: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/apply-patch+json": Record<string, never>;
                "application/merge-patch+json": Record<string, never>;
            };
        };
        responses: {
            /** @description Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    passwordUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPassword"];
            };
        };
        responses: {
            /** @description Sets a password, and ends the user's other sessions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    watch: {
        parameters: {
            query?: {
                /** @description Plural names, comma-separated; none: all */
                kinds?: string;
                /** @description Changes after this revision; none: from now on */
                resourceVersion?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Streams changes of many kinds as server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listWorkspace: {
        parameters: {
            query?: {
                /** @description Go on where a list with a limit ended */
                continue?: string;
                /** @description Only objects whose labels match, as kubectl's -l */
                labelSelector?: string;
                /** @description At most so many */
                limit?: number;
                /** @description With watch: changes after this revision; none: from now on */
                resourceVersion?: string;
                /** @description Only objects of this team */
                team?: string;
                /** @description true to stream changes instead */
                watch?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists objects, or with `watch` streams their changes as server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceList"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    createWorkspace: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Workspace"];
            };
        };
        responses: {
            /** @description Makes an object */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getWorkspace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shows an object */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    replaceWorkspace: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Workspace"];
            };
        };
        responses: {
            /** @description Replaces an object; 409 when it changed since `metadata.resourceVersion` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    deleteWorkspace: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deletes a workspace; its home stays until it is purged */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    patchWorkspace: {
        parameters: {
            query?: {
                /** @description true to answer as if it were done, and do nothing */
                dryRun?: boolean;
                /** @description In whose name fields are owned */
                fieldManager?: string;
                /** @description true to take fields over that other managers own (apply only) */
                force?: boolean;
                /** @description source to change or delete what a Source owns, until its next sync puts it back */
                override?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/apply-patch+json": Record<string, never>;
                "application/merge-patch+json": Record<string, never>;
            };
        };
        responses: {
            /** @description Changes an object by a merge patch (RFC 7396), or applies it as `fieldManager`, making it when it is not there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    desktopWorkspace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The desktop: RFB over a WebSocket, subprotocol `binary` */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    execWorkspace: {
        parameters: {
            query?: {
                /** @description The program, then its arguments, one each */
                command?: string;
                /** @description true to get errors */
                stderr?: string;
                /** @description true to send input */
                stdin?: string;
                /** @description true to get output */
                stdout?: string;
                /** @description true for a terminal */
                tty?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Runs a command: a WebSocket with subprotocol `v5.channel.k8s.io` or `v4.channel.k8s.io` */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    logsWorkspace: {
        parameters: {
            query?: {
                /** @description `workspace` or `relay` */
                container?: string;
                /** @description true to go on */
                follow?: boolean;
                /** @description true for the container before its last restart */
                previous?: boolean;
                /** @description Lines from the end */
                tailLines?: number;
                /** @description true for times */
                timestamps?: boolean;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The log of the workspace's container */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    purgeWorkspace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removes a workspace with its home, for good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    startWorkspace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Starts a workspace; a deleted one comes back with its home */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    stopWorkspace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Stops a workspace; the home stays */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    ca: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The certificate of the local CA, PEM */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether the process answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Figures in Prometheus' text format */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description This document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether requests can be served */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    version: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Which build answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
            /** @description What is wrong, with which object and field, and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
}
