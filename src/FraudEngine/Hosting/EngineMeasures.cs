using System.Diagnostics.Metrics;
using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Egress;
using FraudEngine.Engine;
using FraudEngine.Telemetry;

namespace FraudEngine.Hosting;

/// <summary>What <c>/metrics</c> says of the engine and its alerts.</summary>
internal static class EngineMeasures
{
    public static void Add(Measures measures, DecisionEngine engine, AlertFeed feed)
    {
        measures.Counter("decisions", "Decided transactions", () => Each<Outcome>(Outcome.Approve, "outcome", value => engine.Count().Decided(value)));
        measures.Counter("refusals", "Transactions refused by the engine", () => Each<Refusal>(Refusal.TooFarAhead, "reason", value => engine.Count().Refused(value)));
        measures.Counter("resends", "Transactions answered from the journal", () => [new(engine.Count().Resends)]);
        measures.Counter("rule_errors", "Rules that could not answer", () => [new(engine.Count().RuleErrors)]);
        measures.Counter("shard_restarts", "Shards restarted after a fault", () => [new(engine.Count().Restarts)]);
        measures.Counter("recoveries", "Accounts recovered from the journal", () => [new(engine.Count().Recoveries)]);
        measures.Counter("passivations", "Accounts passivated", () => [new(engine.Count().Passivations)]);
        measures.Counter("entity_recoveries", "Terminals, merchants, devices and counterparties recovered from the journal", () => [new(engine.Count().EntityRecoveries)]);
        measures.Counter("visits_unanswered", "Visits to these that were not answered in time, or could not be", () => [new(engine.Count().VisitsUnanswered)]);
        measures.Counter("labels", "Labels stored", () => [new(engine.Count().Labels)]);
        measures.Counter("alerts", "Alerts raised", () => [new(feed.Raised)]);
        measures.Gauge("resident_accounts", "Accounts in memory", () => engine.Count().ResidentAccounts);
        measures.Gauge("resident_entities", "Terminals, merchants, devices and counterparties in memory", () => engine.Count().ResidentEntities);
        measures.Gauge("history_bytes", "What the histories of those in memory take", () => engine.Count().HistoryBytes);
        measures.Gauge("in_flight", "Transactions in flight", () => engine.Admission.InFlight);
        measures.Gauge("alert_subscribers", "Clients that listen for alerts", () => feed.Subscribers);
    }

    private static IEnumerable<Measurement<long>> Each<T>(T first, string tag, Func<T, long> read)
        where T : struct, Enum =>
        from value in Enum.GetValues<T>()
        where value.CompareTo(first) >= 0
        select new Measurement<long>(read(value), new KeyValuePair<string, object?>(tag, JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString())));
}
