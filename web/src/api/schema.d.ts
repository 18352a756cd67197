/* eslint-disable */
// Written by `npm run schema` from the OpenAPI document of the running application.
type Loose = { parameters: any; requestBody?: any; responses: { 200: { headers: any; content: { 'application/json': any } } } }
export interface paths {
  [path: string]: { parameters: any; get: Loose; post: Loose; put: Loose; patch: Loose; delete: Loose }
}
export interface components { schemas: Record<string, any> }
