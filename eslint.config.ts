// Template safety of single-file components only; everything else is oxlint's.

import parser from '@typescript-eslint/parser'
import vue from 'eslint-plugin-vue'

export default [
  { ignores: ['**/dist/**', '**/node_modules/**', '**/*.ts'] },
  ...vue.configs['flat/essential'].map((config) => ({ ...config, files: ['**/*.vue'] })),
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser } },
    rules: {
      'vue/no-v-html': 'error',
      'vue/no-v-text-v-html-on-component': 'error',
      'vue/no-template-target-blank': 'error',
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-emits-declaration': ['error', 'type-based'],
      'vue/define-props-declaration': ['error', 'type-based'],
      'vue/html-button-has-type': 'error',
      'vue/no-unused-refs': 'error',
      'vue/multi-word-component-names': 'off',
      'vue/no-restricted-syntax': [
        'error',
        {
          selector: 'VElement[name="a"] VAttribute[directive=true][key.argument.name="href"] > VExpressionContainer > TemplateLiteral',
          message: 'An address is built in code that checks its scheme.',
        },
      ],
    },
  },
]
