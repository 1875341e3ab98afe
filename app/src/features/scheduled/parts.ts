// All of messages with a date.

export { default as ScheduledLine } from './ScheduledLine.vue'
export { default as ScheduleSheet } from './ScheduleSheet.vue'
