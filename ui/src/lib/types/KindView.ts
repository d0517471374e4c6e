export type KindView = "vaccination" | "test" | "recovery";
