namespace FraudEngine.Cluster;

/// <summary>What there is something new of.</summary>
public enum News
{
    None,

    /// <summary>Alerts were stored.</summary>
    Alerts,

    /// <summary>Rule sets, models, lists or shadows were changed.</summary>
    Settings,
}
