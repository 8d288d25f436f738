using System.Buffers;
using System.Text;
using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;
using FraudEngine.Engine.Explaining;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Storage;
using FraudEngine.Storage.Sqlite;
using FraudEngine.Tests.Ingress;
using FraudEngine.Trials;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Engine.Changes;

/// <summary>An engine over a SQLite journal, and the shortest ways to change its accounts.</summary>
internal sealed class SqliteEngine : IAsyncDisposable, IEngineEvents
{
    public const string Yaml = """
        name: changes
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: medium, when: "amount >= 50", score: 0.5, text: Medium }
          - { id: large, when: "amount >= 100", score: 0.4, text: Large }
          - { id: blocked, when: "merchantId == 'bad'", action: decline, text: Blocked }
          - { id: frauds, when: "count(account.fraud, 30d) > 1000 && count(merchant.fraud, 30d) > 1000", score: 0.1, text: Frauds }
        activity:
          - { id: above, takes: number, when: "amount > chosen && avg(account.amount, 7d) > 0", text: Above }
        """;

    public static readonly ResponseTerms Terms = new(TimeSpan.FromDays(10).Ticks, Outcome.Decline);

    private readonly TemporaryFolder? _folder;

    /// <param name="folder">Where it finds the journal of an earlier one; null for one of its own.</param>
    public SqliteEngine(TemporaryFolder? folder = null, EngineSettings? settings = null)
    {
        _folder = folder is null ? new TemporaryFolder() : null;
        Journal = new SqliteJournal((folder ?? _folder!).PathOf("data"));
        var rules = RuleSet.Parse(Yaml, "changes.yaml", WindowSettings.Default);
        var number = Journal.RegisterAsync(rules.Name, rules.Version, rules.Source, rules.Reasons).GetAwaiter().GetResult();
        Engine = new DecisionEngine(
            settings ?? new EngineSettings { Shards = 2 }, Journal, new RulesInForce(rules, number, NamedLists.Empty), new ThreadPoolDispatcher(), Clock, this, (_, _, _) => Alerts++);
        Explainer = new DecisionExplainer(Engine, Journal, Journal, WindowSettings.Default);
    }

    public TestClock Clock { get; } = new();

    public SqliteJournal Journal { get; }

    public DecisionEngine Engine { get; }

    public DecisionExplainer Explainer { get; }

    public int Alerts { get; private set; }

    public async ValueTask DisposeAsync()
    {
        Explainer.Dispose();
        await Engine.DisposeAsync();
        _folder?.Dispose();
    }

    /// <summary>Decides a payment; the answer's JSON.</summary>
    public async Task<string> DecideAsync(string account, string id, decimal amount, long seconds = 0, string merchant = "m", string device = "d")
    {
        var reply = new Reply();
        var envelope = new TransactionEnvelope(reply);
        Fill(envelope.Transaction, account, id, amount, seconds, merchant, device);
        await EnterAsync();
        Engine.Submit(envelope);
        await reply.Done;
        Assert.Equal(Refusal.None, envelope.Refusal);
        var json = new ArrayBufferWriter<byte>();
        DecisionJson.Write(json, envelope.Transaction, envelope.Decision, Engine.Catalog);
        return Encoding.UTF8.GetString(json.WrittenSpan);
    }

    /// <summary>Decides a payment; its outcome, and the reasons that rest on what stands for the account.</summary>
    public async Task<string> OutcomeAsync(string account, string id, decimal amount, long seconds = 0, string merchant = "m", string device = "d") =>
        Outcome_(await DecideAsync(account, id, amount, seconds, merchant, device));

    public async Task<ChangeResult> RespondAsync(string account, string id, AlertResponse response, ResponseTerms? terms = null)
    {
        await EnterAsync();
        return await Engine.RespondAsync(Utf8(account), Utf8(id), response, "customer", terms ?? Terms);
    }

    public async Task<ChangeResult> HoldAsync(string account, Outcome outcome = Outcome.Decline, string by = "analyst")
    {
        await EnterAsync();
        return await Engine.HoldAsync(Utf8(account), outcome, by, "looked odd");
    }

    public async Task<ChangeResult> ReleaseAsync(string account)
    {
        await EnterAsync();
        return await Engine.ReleaseAsync(Utf8(account), "analyst", "was fine");
    }

    public async Task<ChangeResult> ChooseAsync(string account, params ChosenActivity[] activity)
    {
        await EnterAsync();
        var preferences = new CustomerPreferences("de", "a@example.org", [], null, [.. activity]);
        return await Engine.PutPreferencesAsync(Utf8(account), preferences, preferences.ToBytes());
    }

    public async Task<LabelResult> LabelAsync(string account, string id, bool isFraud)
    {
        await EnterAsync();
        return await Engine.LabelAsync(Utf8(account), Utf8(id), isFraud);
    }

    /// <summary>Asserts that the stored decision of a transaction is made again bit for bit.</summary>
    public async Task AssertVerifiedAsync(string account, string id)
    {
        var answer = await Explainer.ExplainAsync(Utf8(account), Utf8(id), CancellationToken.None);
        Assert.Equal(ExplanationAnswerKind.Explained, answer.Kind);
        Assert.Empty(answer.Explanation!.Differences);
    }

    /// <summary>Runs rules over the journal.</summary>
    public async Task<TrialReport> BacktestAsync(string yaml = Yaml)
    {
        await using var backtests = new Backtests(Journal, WindowSettings.Default, () => NamedLists.Empty);
        Assert.True(backtests.TryEnter());
        var backtest = (await backtests.StartAsync(yaml, "try.yaml", new JournalRange(), null)).Started!;
        await backtest.EndAsync();
        Assert.Null(backtest.Failure);
        return backtest.Report!;
    }

    public Task<Document?> DocumentAsync(DocumentKind kind, string key) => Journal.FindDocumentAsync(kind, key);

    public static string AlertOf(string account, string id) => AlertId.Of(Utf8(account), Utf8(id)).ToString();

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    void IEngineEvents.ShardRestarted(int shard, Exception reason) => Assert.Fail($"A shard restarted: {reason}");

    void IEngineEvents.TransactionPoisoned(int shard, Exception reason) => Assert.Fail($"A transaction was taken for poison: {reason}");

    void IEngineEvents.RecoveryFailed(int shard, Exception reason) => Assert.Fail($"An account could not be read: {reason}");

    private static string Outcome_(string decision)
    {
        var json = System.Text.Json.JsonDocument.Parse(decision).RootElement;
        var own = json.GetProperty("reasons").EnumerateArray().Select(static reason => reason.GetProperty("rule").GetString())
            .Where(static rule => rule is "account-held" or "confirmed-by-customer");
        string[] parts = [json.GetProperty("outcome").GetString()!, .. own!, .. json.TryGetProperty("activity", out _) ? ["activity"] : Array.Empty<string>(), .. json.TryGetProperty("alertId", out _) ? ["alert"] : Array.Empty<string>()];
        return string.Join(' ', parts);
    }

    private static void Fill(Transaction transaction, string account, string id, decimal amount, long seconds, string merchant, string device)
    {
        transaction.SetText(TransactionField.TransactionId, Utf8(id));
        transaction.SetText(TransactionField.AccountId, Utf8(account));
        transaction.SetText(TransactionField.MerchantId, Utf8(merchant));
        transaction.SetText(TransactionField.DeviceId, Utf8(device));
        transaction.SetText(TransactionField.Currency, "EUR"u8);
        transaction.TimestampTicks = EngineRig.TicksAt(seconds);
        transaction.Amount = new Money((long)(amount * 10_000));
    }

    private async Task EnterAsync()
    {
        await Eventually.ThatAsync(Engine.Admission.TryEnter, "there was room");
    }

    private sealed class Reply : IReplyTo
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        public void Completed(TransactionEnvelope envelope) => _done.SetResult();
    }
}
