export type Fact = string | number;
