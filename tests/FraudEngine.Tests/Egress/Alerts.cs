using FraudEngine.Tests.Ingress;

namespace FraudEngine.Tests.Egress;

/// <summary>Raises alerts.</summary>
internal static class Alerts
{
    /// <summary>One alert for each transaction id of <paramref name="from"/> and the numbers behind it.</summary>
    public static Task<string[]> RaiseAsync(RunningEngine engine, string account, int from, int count) =>
        engine.StreamAsync(string.Concat(Enumerable.Range(from, count).Select(i => Tx.Json(account, $"t{i}", ("amount", "1000")) + "\n")));

    public static IEnumerable<string> Ids(int from, int count) => Enumerable.Range(from, count).Select(i => $"t{i}");
}
