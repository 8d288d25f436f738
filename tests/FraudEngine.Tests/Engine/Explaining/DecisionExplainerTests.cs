using FraudEngine.Domain;
using FraudEngine.Engine.Explaining;
using FraudEngine.Rules.Lists;
using FraudEngine.Storage;
using FraudEngine.Tests.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Engine.Explaining;

public class DecisionExplainerTests
{
    [Fact]
    public async Task Explanations_are_limited_and_a_client_that_leaves_makes_room()
    {
        var rig = new EngineRig(1, new SimulatedStore());
        rig.Submit("a", "t", 0);
        rig.RunAll();
        using var explainer = new DecisionExplainer(rig.Engine, rig.Journal, rig.Journal, WindowSettings.Default);
        var held = new TaskCompletionSource();
        rig.Journal.Finding = held.Task;
        using var leaving = new CancellationTokenSource();
        var asked = Enumerable.Range(0, DecisionExplainer.RunningMax + DecisionExplainer.WaitingMax - 1).Select(_ => AskAsync(explainer)).ToList();
        var left = AskAsync(explainer, cancellation: leaving.Token);
        Assert.Equal(ExplanationAnswerKind.Busy, (await AskAsync(explainer)).Kind);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        asked.Add(AskAsync(explainer));
        Assert.Equal(ExplanationAnswerKind.Busy, (await AskAsync(explainer)).Kind);

        held.SetResult();
        Assert.All(await Task.WhenAll(asked), answer => Assert.Equal((ExplanationAnswerKind.Explained, true), (answer.Kind, answer.Explanation!.IsVerified)));
        Assert.Equal(ExplanationAnswerKind.Explained, (await AskAsync(explainer)).Kind);
    }

    [Fact]
    public async Task Lists_are_asked_as_they_were()
    {
        const string yaml = """
            name: lists
            version: 1
            thresholds: { review: 0.5, decline: 0.8 }
            rules:
              - { id: blocked, when: 'merchantId in list("blocked")', action: decline, text: x }
              - { id: other, when: 'merchantId in list("other")', action: decline, text: x }
            """;
        var rig = new EngineRig(1, new SimulatedStore(), yaml: yaml);
        Decide("t1");
        await ChangeAsync(new StoredListEntry("m", ListChange.Never));
        Decide("t2");
        await ChangeAsync(new StoredListEntry("m", EngineRig.TicksAt(100)));
        Decide("t3");
        await ChangeAsync(new StoredListEntry("m", null));
        Decide("t4");

        using var explainer = new DecisionExplainer(rig.Engine, rig.Journal, rig.Journal, WindowSettings.Default);
        var found = new List<string>();
        foreach (var id in (string[])["t1", "t2", "t3", "t4"])
        {
            var explanation = (await AskAsync(explainer, id: id)).Explanation!;
            Assert.Empty(explanation.Differences);
            Assert.False(explanation.Rules[1].IsHit);
            found.Add($"{explanation.Decision.ListsVersion} {explanation.Decision.Outcome} {explanation.Rules[0].IsHit}");
        }

        Assert.Equal(["0 Approve False", "1 Decline True", "2 Approve False", "3 Approve False"], found);

        void Decide(string id)
        {
            rig.Submit("a", id, 200);
            rig.RunAll();
        }

        async Task ChangeAsync(StoredListEntry entry)
        {
            var version = await rig.Journal.ChangeListAsync("blocked", "http", [entry]);
            var put = rig.Engine.PutInForceAsync(inForce =>
                inForce with { Lists = inForce.Lists.With(version, inForce.Lists.Find("blocked").With([new ListChange(TextKey.Of(entry.Text), entry.ExpiresTicks)])) });
            rig.RunAll();
            await put;
        }
    }

    [Theory]
    [InlineData("a", "other")]
    [InlineData("other", "t")]
    public async Task What_was_never_decided_is_unknown(string account, string id)
    {
        var rig = new EngineRig(1, new SimulatedStore());
        rig.Submit("a", "t", 0);
        rig.RunAll();
        using var explainer = new DecisionExplainer(rig.Engine, rig.Journal, rig.Journal, WindowSettings.Default);
        Assert.Equal(ExplanationAnswerKind.Unknown, (await AskAsync(explainer, account, id)).Kind);
    }

    private static Task<ExplanationAnswer> AskAsync(DecisionExplainer explainer, string account = "a", string id = "t", CancellationToken cancellation = default) =>
        explainer.ExplainAsync(System.Text.Encoding.UTF8.GetBytes(account), System.Text.Encoding.UTF8.GetBytes(id), cancellation);
}
