namespace FraudEngine.Hosting;

/// <summary>How alerts are given out.</summary>
public sealed class EgressOptions
{
    public const string Section = "Egress";

    /// <summary>Clients that listen for alerts at a time.</summary>
    public int SubscribersMax { get; set; } = 50_000;

    internal IEnumerable<string> Problems() =>
        SubscribersMax is < 0 or > 10_000_000 ? [$"Egress:SubscribersMax is {SubscribersMax}, but must be from 0 to 10000000."] : [];
}
