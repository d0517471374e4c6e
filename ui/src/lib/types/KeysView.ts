export type KeysView = { version: number, count: number, signed_at: string, expires_at: string, };
