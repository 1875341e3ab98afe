// 简体中文：关于投票、清单和笔记的文字。later.ts 的一部分。

import type { LaterOf } from '../catalogue.ts'

export const living: LaterOf<'zh-Hans'>['living'] = {
  file: '照片或文件',
  new: { poll: '投票', checklist: '清单', note: '笔记' },
  title: { poll: '问题', checklist: '标题', note: '标题' },
  option: '选项 {count}',
  several: '允许多选',
  send: '发送',
  closed: '已结束',
  votes: { other: '{count} 票' },
  done: '已完成 {count}/{all}',
  details: '详情',
  add: '添加事项',
  rename: '重命名“{name}”',
  remove: '移除“{name}”',
  edit: '编辑',
  save: '保存',
  close: '结束投票',
  closeSure: '确定结束',
  changes: '谁改了什么',
  unchanged: '还没有改动。',
  leaveOut: '排除',
  takeIn: '恢复',
  leftOut: '{name}的改动已对你排除。其他人仍能看到。',
  did: {
    voted: '投票',
    closed: '结束投票',
    added: '添加',
    renamed: '重命名',
    ticked: '勾选',
    unticked: '取消勾选',
    removed: '移除',
    wrote: '写入',
    late: '在投票结束后投票，不计入。',
  },
  refused: {
    empty: '请先写标题。投票还需要两个选项。',
    over: '投票已结束，未作任何改动。',
    full: '你的改动次数已达一人上限。其他人仍可改动。',
  },
}
