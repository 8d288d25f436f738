namespace FraudEngine.Domain;

/// <summary>How urgent an alert is; a higher one compares as greater.</summary>
public enum AlertSeverity
{
    None,

    /// <summary>Only an activity that the customer has chosen to be told of.</summary>
    Low,

    /// <summary>The payment is stopped until somebody has looked at it.</summary>
    Medium,

    /// <summary>The payment is declined.</summary>
    High,
}

/// <summary>The severity of an alert by the decision that raises it.</summary>
public static class AlertSeverities
{
    /// <summary>None where it raises no alert.</summary>
    public static AlertSeverity Of(Decision decision) => AlertKinds.Of(decision) switch
    {
        AlertKind.None => AlertSeverity.None,
        AlertKind.Activity => AlertSeverity.Low,
        AlertKind.Fraud => decision.Outcome == Outcome.Decline ? AlertSeverity.High : AlertSeverity.Medium,
    };

    /// <summary>As alerts state it.</summary>
    public static string NameOf(AlertSeverity severity) => severity switch
    {
        AlertSeverity.None => "none",
        AlertSeverity.Low => "low",
        AlertSeverity.Medium => "medium",
        AlertSeverity.High => "high",
    };
}
