// Door of carry files. All of it comes with the screens that offer it.

export { CarryDrop } from './CarryDrop.ts'
export { default as CarryRows } from './CarryRows.vue'
export { default as OpenCarryRow } from './OpenCarryRow.vue'
