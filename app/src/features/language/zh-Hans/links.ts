// 简体中文：链接面板中的文字。later.ts 的一部分。

import type { LaterOf } from '../catalogue.ts'

export const invite: LaterOf<'zh-Hans'>['invite'] = {
  title: '把此链接发给对方',
  lead: '第一个打开它的人会加入此聊天并看到你的消息。用什么方式发送都行。',
  leadEmpty: '第一个打开它的人会加入此聊天。用什么方式发送都行。',
  qr: '邀请链接的二维码',
  camera: '就在一起？让对方扫一扫。',
  link: '邀请链接',
  share: '分享',
  copy: '复制',
  copyLink: '复制链接',
  name: '你的名字，让对方知道是谁',
  nameNote: '可不填，随时可以修改。',
  copied: '已复制',
  copyFailed: '浏览器不允许 Kith 复制链接。链接已选中，请从输入框中复制。',
  shareText: '在 Kith 上和我聊聊',
  validity: '限一人使用，{time}前有效',
  end: '取消链接',
  toChat: '打开聊天',
  endTitle: '取消链接？',
  endLead: '之后没有人能再用它加入，打开它的人会得到提示。你写的内容会留在这里。',
  endKeep: '保留链接',
  waiting: '你的消息已密封，在中继等待。现在可以关闭 Kith。',
  waitingEmpty: '即使关闭 Kith，链接也有效。',
  saved: '已保存在这里。网络恢复后会送到中继。在此之前请不要关闭 Kith。',
  used: '已有人用此链接加入。它不能再次使用。',
  expired: '此链接已于{time}过期。要获得新链接，请新建聊天。',
  revoked: '你已取消此链接。要获得新链接，请新建聊天。',
  usedTitle: '此链接已被使用',
  overTitle: '此链接已失效',
}

export const paste: LaterOf<'zh-Hans'>['paste'] = {
  title: '打开收到的链接',
  lead: '粘贴链接，或包含它的整条消息。',
  field: '链接',
  open: '打开',
  notALink: '里面没有 Kith 链接。Kith 链接包含 #i/ 和一长串代码。',
}
