using System.Globalization;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;

namespace FraudEngine.Tests.Engine.Changes;

/// <summary>Whatever is done with accounts in whatever order, with accounts leaving memory and the engine starting anew: decisions and answers are those of a plain model.</summary>
public sealed class ChangeModelTests
{
    private const int Steps = 120;
    private const int Accounts = 4;

    [Fact]
    public async Task Decisions_are_those_of_a_plain_model()
    {
        for (var seed = 1; seed <= Soak.Times(4, 200); seed++)
        {
            await RunAsync(seed);
        }
    }

    private static async Task RunAsync(int seed)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(seed);
        var models = Enumerable.Range(0, Accounts).Select(static _ => new Model()).ToList();
        var ids = new List<(int Account, string Id)>();
        var engine = Open();
        try
        {
            for (var step = 0; step < Steps; step++)
            {
                var number = random.Next(Accounts);
                var (account, model) = ($"a{number}", models[number]);
                switch (random.Next(12))
                {
                    case 0:
                        var outcome = random.Next(2) == 0 ? Outcome.Review : Outcome.Decline;
                        Equal(model.Hold(outcome), await engine.HoldAsync(account, outcome));
                        break;
                    case 1:
                        Equal(model.Release(), await engine.ReleaseAsync(account));
                        break;
                    case 2 or 3 or 4 when ids.Count > 0:
                        var (owner, id) = ids[random.Next(ids.Count)];
                        var response = random.Next(3) == 0 ? AlertResponse.Denied : AlertResponse.Confirmed;
                        Equal(models[owner].Respond(id, response), await engine.RespondAsync($"a{owner}", id, response));
                        break;
                    case 5 when ids.Count > 0:
                        var (of, labelled) = ids[random.Next(ids.Count)];
                        await engine.LabelAsync($"a{of}", labelled, random.Next(2) == 0);
                        break;
                    case 6:
                        var above = random.Next(3) == 0 ? (decimal?)null : random.Next(150);
                        model.Above = above;
                        await engine.ChooseAsync(account, above is { } chosen ? [new ChosenActivity("above", chosen)] : []);
                        break;
                    case 7 when random.Next(3) == 0:
                        await engine.DisposeAsync();
                        engine = Open();
                        break;
                    default:
                        var payment = new Payment($"t{step}", random.Next(1, 160), step * 40_000L, $"m{random.Next(2)}", random.Next(3) == 0 ? "" : "d");
                        ids.Add((number, payment.Id));
                        Equal(model.Decide(payment), await engine.OutcomeAsync(account, payment.Id, payment.Amount, payment.Seconds, payment.Merchant, payment.Device));
                        break;
                }

                void Equal<T>(T expected, T actual) => Assert.True(Equals(expected, actual), $"Seed {seed}, step {step}: {expected} was expected, but it is {actual}.");
            }

            foreach (var (account, id) in ids)
            {
                await engine.AssertVerifiedAsync($"a{account}", id);
            }

            var backtest = await engine.BacktestAsync();
            Assert.Equal((ids.Count, 0), (backtest.Difference!.Compared, backtest.Difference.Changed));
        }
        finally
        {
            await engine.DisposeAsync();
        }

        SqliteEngine Open() => new(folder, new EngineSettings { Shards = 2, ResidentAccountsMax = 2, SnapshotEvery = 7, SnapshotOnPassivationMin = 1 + random.Next(6) });
    }

    private sealed record Payment(string Id, int Amount, long Seconds, string Merchant, string Device);

    /// <summary>What one account is and answers, by the words of the design and nothing else.</summary>
    private sealed class Model
    {
        private readonly Dictionary<string, (Payment Payment, bool IsFraudAlert)> _decided = [];
        private readonly Dictionary<string, AlertResponse> _answered = [];
        private readonly List<Payment> _confirmed = [];
        private Outcome _hold;

        public decimal? Above { get; set; }

        public ChangeResult Hold(Outcome outcome)
        {
            var isNew = _hold != outcome;
            _hold = outcome;
            return isNew ? ChangeResult.Stored : ChangeResult.Unchanged;
        }

        public ChangeResult Release()
        {
            var isHeld = _hold != Outcome.None;
            _hold = Outcome.None;
            return isHeld ? ChangeResult.Stored : ChangeResult.Unchanged;
        }

        public ChangeResult Respond(string id, AlertResponse response)
        {
            if (!_decided[id].IsFraudAlert)
            {
                return ChangeResult.Unknown;
            }

            if (_answered.TryGetValue(id, out var before))
            {
                return before == response ? ChangeResult.Unchanged : ChangeResult.AnsweredOtherwise;
            }

            _answered.Add(id, response);
            if (response == AlertResponse.Denied)
            {
                _hold = Outcome.Decline;
            }
            else
            {
                _confirmed.Add(_decided[id].Payment);
            }

            return ChangeResult.Stored;
        }

        public string Decide(Payment payment)
        {
            var byScore = payment.Amount >= 100 ? Outcome.Decline : payment.Amount >= 50 ? Outcome.Review : Outcome.Approve;
            var isConfirmed = _hold == Outcome.None && _confirmed.Exists(known =>
                known.Merchant == payment.Merchant && known.Device == payment.Device && payment.Seconds <= known.Seconds + (10 * 86_400));
            var outcome = isConfirmed ? Outcome.Approve : _hold > byScore ? _hold : byScore;
            var isFraudAlert = outcome != Outcome.Approve;
            var isActivity = payment.Amount > Above;
            _decided.Add(payment.Id, (payment, isFraudAlert));
            return string.Join(' ', new[]
            {
                outcome.ToString().ToLower(CultureInfo.InvariantCulture),
                _hold != Outcome.None ? "account-held" : isConfirmed ? "confirmed-by-customer" : null,
                isActivity ? "activity" : null,
                isFraudAlert || isActivity ? "alert" : null,
            }.Where(static part => part is not null));
        }
    }
}
