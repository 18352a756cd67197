import boundaries from 'eslint-plugin-boundaries'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

// routes → features → (design, api, lib); features meet only through pickers.
const layers = [
  { type: 'app', pattern: 'src/*.{ts,tsx}', partialMatch: false },
  { type: 'routes', pattern: 'src/routes/**', partialMatch: false },
  { type: 'picker', pattern: 'src/features/*/pickers/**', partialMatch: false, capture: ['feature'] },
  { type: 'feature', pattern: 'src/features/*/**', partialMatch: false, capture: ['feature'] },
  { type: 'design', pattern: 'src/design/**', partialMatch: false },
  { type: 'api', pattern: 'src/api/**', partialMatch: false },
  { type: 'lib', pattern: 'src/lib/**', partialMatch: false },
]
const of = (...types) => ({ element: { type: types } })
const own = { element: { type: ['feature', 'picker'], captured: { feature: '{{ from.element.captured.feature }}' } } }

export default tseslint.config(
  { ignores: ['eslint.resolver.cjs', 'src/api/schema.d.ts', 'node_modules'] },
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { boundaries, 'react-hooks': reactHooks },
    settings: {
      'boundaries/elements': layers,
      'boundaries/include': ['src/**/*'],
      'import/resolver': { './eslint.resolver.cjs': {}, node: {} },
    },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'max-lines': ['error', { max: 250 }],
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        { selector: "Literal[value=/^#[0-9a-fA-F]{3,8}$/]", message: 'A raw colour: take it from design/tokens.' },
        { selector: 'ExportAllDeclaration', message: 'A barrel: import from the file itself, or tree shaking stops here.' },
      ],
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: [
            { from: of('app'), allow: { to: of('app', 'routes', 'design', 'lib') } },
            { from: of('routes'), allow: { to: of('app', 'routes', 'feature', 'picker', 'design', 'api', 'lib') } },
            { from: of('feature', 'picker'), allow: { to: [own, of('picker'), of('design', 'api', 'lib')] } },
            { from: of('design'), allow: { to: of('design', 'api', 'lib') } },
            { from: of('lib'), allow: { to: of('lib', 'api') } },
            { from: of('api'), allow: { to: of('api') } },
          ],
        },
      ],
    },
  },
  { files: ['src/design/tokens.ts'], rules: { 'no-restricted-syntax': 'off' } },
)
