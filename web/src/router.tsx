import { createBrowserRouter } from 'react-router'

import { Broken } from './routes/Broken'

/** Every page is its own chunk. */
export const router = createBrowserRouter([
  { path: '/sign-in', lazy: () => import('./routes/sign-in'), ErrorBoundary: Broken, HydrateFallback: () => null },
  {
    path: '/',
    lazy: () => import('./routes/shell'),
    ErrorBoundary: Broken,
    HydrateFallback: () => null,
    children: [
      {
        ErrorBoundary: Broken,
        children: [
          { index: true, lazy: () => import('./routes/home') },
          { path: 'first-run', lazy: () => import('./routes/first-run') },
          { path: 'overview', lazy: () => import('./routes/overview') },
          { path: 'rfm', lazy: () => import('./routes/rfm') },
          { path: 'lifecycle', lazy: () => import('./routes/lifecycle') },
          { path: 'members', lazy: () => import('./routes/members') },
          { path: 'members/:id', lazy: () => import('./routes/member') },
          { path: 'tags', lazy: () => import('./routes/tags') },
          { path: 'audiences', lazy: () => import('./routes/audiences') },
          { path: 'audiences/new', lazy: () => import('./routes/audience-edit') },
          { path: 'audiences/overlap', lazy: () => import('./routes/audiences-overlap') },
          { path: 'audiences/:id', lazy: () => import('./routes/audience') },
          { path: 'audiences/:id/edit', lazy: () => import('./routes/audience-edit') },
          { path: 'conflicts', lazy: () => import('./routes/conflicts') },
          { path: 'conflicts/:id', lazy: () => import('./routes/conflict') },
          { path: 'orders', lazy: () => import('./routes/orders') },
          { path: 'imports', lazy: () => import('./routes/imports') },
          { path: 'imports/new', lazy: () => import('./routes/import-new') },
          { path: 'imports/:id', lazy: () => import('./routes/import') },
          { path: 'events', lazy: () => import('./routes/events') },
          { path: 'rejected', lazy: () => import('./routes/rejected') },
          { path: 'organization', lazy: () => import('./routes/organization') },
          { path: 'stores', lazy: () => import('./routes/stores') },
          { path: 'staff', lazy: () => import('./routes/staff') },
          { path: 'users', lazy: () => import('./routes/users') },
          { path: 'keys', lazy: () => import('./routes/keys') },
          { path: 'audit', lazy: () => import('./routes/audit') },
          { path: 'jobs', lazy: () => import('./routes/jobs') },
          { path: 'settings', lazy: () => import('./routes/settings') },
          { path: 'account', lazy: () => import('./routes/account') },
          { path: '*', lazy: () => import('./routes/missing') },
        ],
      },
    ],
  },
])
