namespace FraudEngine.Domain;

/// <summary>Of what an alert tells the customer.</summary>
public enum AlertKind
{
    None,

    /// <summary>Of suspected fraud: the payment is stopped, and the customer is asked.</summary>
    Fraud,

    /// <summary>Only of what the customer has chosen to be told of.</summary>
    Activity,
}

/// <summary>The kind of an alert by the decision that raises it.</summary>
public static class AlertKinds
{
    /// <summary>None where it raises no alert.</summary>
    public static AlertKind Of(Decision decision) => decision.RaisesFraudAlert ? AlertKind.Fraud : decision.RaisesAlert ? AlertKind.Activity : AlertKind.None;

    /// <summary>As alerts state it.</summary>
    public static string NameOf(AlertKind kind) => kind switch
    {
        AlertKind.None => "none",
        AlertKind.Fraud => "fraud",
        AlertKind.Activity => "activity",
    };
}
