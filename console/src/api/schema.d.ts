/* Written by hand from crates/api until the server writes console/openapi.json; then `npm run generate` replaces this file. */
import type { AuditRecord, Me, ObjectList, Token, Workspace } from "./types";

interface Json<T> {
  headers: { [name: string]: unknown };
  content: { "application/json": T };
}
/** A request without a body. */
interface Bare<Out, Path = undefined, Query = undefined> {
  parameters: { query?: Query; header?: never; path: Path; cookie?: never };
  requestBody?: never;
  responses: { 200: Json<Out>; default: Json<unknown> };
}
interface Top<Out, Query = undefined> {
  parameters: { query?: Query; header?: never; path?: never; cookie?: never };
  requestBody?: never;
  responses: { 200: Json<Out>; default: Json<unknown> };
}
interface TopWith<Out, Body> {
  parameters: { query?: never; header?: never; path?: never; cookie?: never };
  requestBody: { content: { "application/json": Body } };
  responses: { 200: Json<Out>; default: Json<unknown> };
}
interface With<Out, Body, Path> {
  parameters: { query?: never; header?: never; path: Path; cookie?: never };
  requestBody: { content: { "application/json": Body } };
  responses: { 200: Json<Out>; default: Json<unknown> };
}
interface Named {
  name: string;
}

export interface paths {
  "/api/v1alpha1/workspaces": {
    get: Top<ObjectList<Workspace>, { labelSelector?: string; limit?: number; continue?: string; team?: string }>;
    post: TopWith<Workspace, Workspace>;
  };
  "/api/v1alpha1/workspaces/{name}": {
    get: Bare<Workspace, Named>;
    put: With<Workspace, Workspace, Named>;
    delete: Bare<unknown, Named>;
  };
  "/api/v1alpha1/workspaces/{name}/start": { post: Bare<Workspace, Named> };
  "/api/v1alpha1/workspaces/{name}/stop": { post: Bare<Workspace, Named> };
  "/api/v1alpha1/workspaces/{name}/purge": { post: Bare<unknown, Named> };
  "/api/v1alpha1/clusters/{name}/start": { post: Bare<unknown, Named> };
  "/api/v1alpha1/clusters/{name}/stop": { post: Bare<unknown, Named> };
  "/api/v1alpha1/login": { post: TopWith<Me, { user: string; password: string }> };
  "/api/v1alpha1/logout": { post: Top<unknown> };
  "/api/v1alpha1/me": { get: Top<Me> };
  "/api/v1alpha1/users/{name}/password": { post: With<unknown, { password: string; current?: string }, Named> };
  "/api/v1alpha1/tokens": { get: Top<{ items: Token[] }>; post: TopWith<Token & { token: string }, { name: string }> };
  "/api/v1alpha1/tokens/{id}": { delete: Bare<unknown, { id: string }> };
  "/api/v1alpha1/audit": { get: Top<ObjectList<AuditRecord>, { limit?: number; continue?: string }> };
}
