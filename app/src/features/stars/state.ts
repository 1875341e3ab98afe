// Counts the stars that this page has set and taken off, so that a list of them knows when to look again.

import { shallowRef } from 'vue'

export const starred = shallowRef(0)
