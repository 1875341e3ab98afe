// Door of copies of a chat that anybody can read.

export { default as ExportSheet } from './ExportSheet.vue'
