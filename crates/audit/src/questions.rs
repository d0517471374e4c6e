//! Ready-made questions. Their SQL is the part that DataFusion and Apache Spark share, so that a fleet can move there.

/// A question with its SQL.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// By what it is asked for.
    pub name: &'static str,
    /// In words.
    pub title: &'static str,
    /// The query.
    pub sql: &'static str,
}

/// All of them, in the order of a report.
pub const QUESTIONS: [Question; 6] = [
    Question { name: "stations", title: "Stations", sql: include_str!("../sql/stations.sql") },
    Question { name: "days", title: "Days", sql: include_str!("../sql/days.sql") },
    Question {
        name: "hours",
        title: "Scans by hour of the day (UTC)",
        sql: include_str!("../sql/hours.sql"),
    },
    Question {
        name: "reasons",
        title: "Why scans were not accepted",
        sql: include_str!("../sql/reasons.sql"),
    },
    Question { name: "operators", title: "Operators", sql: include_str!("../sql/operators.sql") },
    Question { name: "anomalies", title: "Anomalies", sql: include_str!("../sql/anomalies.sql") },
];

/// The question of this name.
pub fn named(name: &str) -> Option<Question> {
    QUESTIONS.into_iter().find(|question| question.name == name)
}
