// 简体中文：选择和转发消息时的用语。later.ts 的一部分。

import type { LaterOf } from '../catalogue.ts'

export const forward: LaterOf<'zh-Hans'>['forward'] = {
  forward: '转发',
  select: '选择',
  title: { other: '转发 {count} 条消息' },
  note: '以你的名义发出，没有人知道它来自哪里。',
  find: '搜索你的聊天',
  who: '转发到',
  none: '没有这个名字的聊天。',
  more: '搜索以找到其他聊天。',
  noChats: '还没有其他可以转发的聊天。',
  chooseOne: '请至少选择一个聊天。',
  tooManyChats: '一次最多 {count} 个聊天，请去掉一些。',
  sending: '正在转发…',
  sent: '已转发给 {name}',
  sentMany: { other: '已转发到 {count} 个聊天' },
  open: '打开',
  selected: { other: '已选择 {count} 条' },
  isSelected: '已选择',
  tooMany: '一次最多可选择 {count} 条消息。',
  stop: '结束选择',
  copy: '复制文字',
  delete: {
    here: { title: { other: '在此处删除 {count} 条消息？' }, lead: '只影响这台设备，其他人仍会保留。此操作无法撤销。' },
    everyone: {
      title: { other: '为所有人删除 {count} 条消息？' },
      lead: '会在这里删除，并在其他每台设备下次上线时删除。别人已经看过、复制或拍下的内容仍在他们那里。此操作无法撤销。',
    },
  },
  shared: {
    title: '分享到 Kith',
    note: '选择一个聊天。在那里按发送之前，什么都不会发出。',
    gone: '你分享的内容已经不在了。请再分享一次。',
    tooMuch: '超出了 Kith 一次能接收的量。请少分享一些。',
    nobody: '这里还没有可以发送的人。先开始一个聊天，然后再分享一次。',
    go: '继续',
  },
  refused: {
    'not-here': '其中的照片或文件还不在这台设备上。请先获取，再转发。',
    'unknown-message': '你选择的一条消息已不在这里，因此没有继续转发。',
    'unknown-conversation': '那个聊天已不在这台设备上，因此没有继续转发。',
    closed: '那个聊天里已没有人能收到。没有继续转发。',
    'no-room': '这台设备放不下另一份副本。请腾出空间后再试。',
    other: '没有成功，但没有丢失任何内容。请再试一次。',
  },
}
