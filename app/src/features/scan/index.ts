// Door of scanning.

export { SAFETY_MARK } from './kinds.ts'
export { default as ScanSheet } from './ScanSheet.vue'
