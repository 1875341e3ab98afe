// 简体中文：定时消息的文字。later.ts 的一部分。

import type { LaterOf } from '../catalogue.ts'

export const scheduled: LaterOf<'zh-Hans'>['scheduled'] = {
  later: '稍后发送…',
  title: '稍后发送',
  change: '更改时间',
  text: '消息',
  place: '要发送的内容',
  choices: '发送时间',
  evening: '今天傍晚',
  morning: '明天上午',
  pick: '选择日期和时间',
  when: '日期和时间',
  schedule: '定时发送',
  how: '到时会自动发出，即使这台设备已关机。在那之前，别人都读不到。',
  at: { today: '今天 {time}', tomorrow: '明天 {time}', day: '{day} {time}' },
  line: { other: '{count} 条消息待发送，下一条{time}发出' },
  list: '定时消息',
  open: '查看定时消息',
  none: '此聊天中没有定时消息。',
  goes: '{time}发出',
  left: '会自动发出，即使这台设备已关机。',
  here: '中继还没有收到。消息保存在这里，到时这台设备必须在线。',
  now: '立即发送',
  delete: '删除',
  deleted: '已删除。没有别人读过。',
  undo: '撤销',
  refused: {
    empty: '请先写一条消息。',
    past: '这个时间已经过去，请选择更晚的时间。',
    'too-far': '这个日期在一年以后，请选择更早的日期。',
    full: '此聊天中等待发送的消息已达上限。请先发送或删除一条。',
    closed: '此聊天中没有可以收到它的人。',
    'unknown-message': '它已经发出，或已被更改。',
  },
}
