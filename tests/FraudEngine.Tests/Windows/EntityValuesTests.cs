using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

/// <summary>The windows of several kinds of entities at a time, and what they said.</summary>
public class EntityValuesTests
{
    private static readonly WindowSpec Count = new(WindowFunction.Count, TransactionField.None, 10);
    private static readonly WindowSpec Merchant = new(WindowFunction.Last, TransactionField.MerchantId, 10);
    private static readonly WindowSpec Rate = new(WindowFunction.Rate, TransactionField.None, 1_000, null, 500);
    private static readonly WindowPlan Two = new(WindowTable.Settings, [Count, Merchant]);

    private static readonly WindowPlans Some = Plans((EntityKind.Account, [Count, Merchant]), (EntityKind.Merchant, [Rate]), (EntityKind.Terminal, [Count, Rate, Merchant]));

    [Fact]
    public void Windows_are_numbered_kind_by_kind()
    {
        Assert.Equal(6, Some.Count);
        Assert.Equal([0, 2, 5, 6, 6], Kinds().Select(Some.OffsetOf));
        Assert.Equal([EntityKind.Terminal, EntityKind.Merchant], Some.Visited.ToArray());
        Assert.Empty(WindowPlans.Empty.Visited);
        Assert.Equal(0, WindowPlans.Empty.Count);
    }

    [Fact]
    public void Plans_are_kept_for_as_long_as_the_longest()
    {
        Assert.Equal(1_100, WindowPlans.None(WindowTable.Settings).KeptTicks);
        Assert.Equal(1_600, Some.KeptTicks);
    }

    [Fact]
    public void A_union_has_the_windows_of_both_by_kind()
    {
        var union = WindowPlans.Union(Some, Plans((EntityKind.Merchant, [Count, Rate]), (EntityKind.Device, [Count])));
        Assert.Equal([Rate, Count], union[EntityKind.Merchant].Specs.ToArray());
        Assert.Equal([EntityKind.Terminal, EntityKind.Merchant, EntityKind.Device], union.Visited.ToArray());
        Assert.True(union.Contains(Some));
        Assert.False(Some.Contains(union));
        Assert.Same(union, WindowPlans.Union(union, Some));
        Assert.True(Some.Contains(WindowPlans.None(WindowTable.Settings)));
    }

    [Fact]
    public void Values_are_those_of_the_moment_when_they_were_taken()
    {
        var history = WindowTable.History(Two, new(1, 1, "a"), new Payment(2, 1, "b"));
        var reader = new WindowReader(Two);
        reader.BeginAt(history, 2);
        var values = new WindowValues();
        values.Take(reader);
        history.Add(new Payment(3, 1, "c").ToTransaction());
        reader.BeginAt(history, 3);

        Assert.False(values.IsRead(0));
        Assert.Equal((WindowStatus.Ok, 2m), (values.Number(0, out var count), count));
        Assert.True(values.IsRead(0));
        Assert.False(values.IsRead(1));
        Assert.Equal((WindowStatus.Ok, TextKey.Of("b")), (values.Text(1, out var text), text));

        values.Take(reader);
        Assert.False(values.IsRead(0));
        Assert.Equal((WindowStatus.Ok, 3m), (values.Number(0, out count), count));
    }

    [Fact]
    public void Values_do_not_outlive_the_plan_that_they_were_taken_from()
    {
        var values = new WindowValues();
        Take(values, Two);
        Take(values, new WindowPlan(WindowTable.Settings, [Merchant, Count]));
        Assert.Equal((WindowStatus.Ok, 0m), (values.Number(0, out var number), number));
        Assert.Equal((WindowStatus.Ok, default), (values.Text(1, out var text), text));

        static void Take(WindowValues values, WindowPlan plan)
        {
            var reader = new WindowReader(plan);
            reader.BeginAt(WindowTable.History(plan, new Payment(1, 1, "a")), 1);
            values.Take(reader);
        }
    }

    [Fact]
    public void An_entity_that_is_not_named_has_no_values_and_one_that_did_not_answer_none_that_are_known()
    {
        var values = new EntityValues();
        var terminal = values[EntityKind.Terminal];
        AssertAll(terminal, WindowStatus.Missing);
        terminal.SetUnanswered();
        AssertAll(terminal, WindowStatus.Unanswered);
        Assert.True(terminal.IsUnanswered);
        Assert.False(values[EntityKind.Device].IsUnanswered);
        values.SetMissing();
        AssertAll(terminal, WindowStatus.Missing);
        Assert.False(terminal.IsUnanswered);

        static void AssertAll(WindowValues values, WindowStatus status)
        {
            Assert.Equal((status, 0m), (values.Number(3, out var number), number));
            Assert.Equal((status, default), (values.Text(3, out var text), text));
            Assert.False(values.IsRead(3));
        }
    }

    [Fact]
    public void Stored_values_are_missing_until_they_are_set()
    {
        var values = new WindowValues();
        foreach (var first in new[] { 5, 6 })
        {
            values.Clear(2);
            Assert.Equal(WindowStatus.Missing, values.Number(0, out _));
            values.Set(0, first, default);
            Assert.Equal((WindowStatus.Ok, first), (values.Number(0, out var number), number));
            Assert.Equal(WindowStatus.Missing, values.Text(1, out _));
            values.Set(1, 0, TextKey.Of("a"));
            Assert.Equal((WindowStatus.Ok, TextKey.Of("a")), (values.Text(1, out var text), text));
        }
    }

    [Fact]
    public void Taking_values_allocates_nothing_once_they_were_taken()
    {
        var reader = new WindowReader(Two);
        var values = new WindowValues();
        reader.BeginAt(WindowTable.History(Two, new Payment(1, 1, "a")), 1);
        values.Take(reader);
        values.Clear(2);
        var before = GC.GetAllocatedBytesForCurrentThread();
        values.Take(reader);
        values.Clear(2);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static IEnumerable<EntityKind> Kinds() => Enumerable.Range((int)EntityKind.Account, EntityKinds.End - 1).Select(kind => (EntityKind)kind);

    private static WindowPlans Plans(params (EntityKind Kind, WindowSpec[] Specs)[] plans) =>
        new(kind => new WindowPlan(WindowTable.Settings, plans.Where(plan => plan.Kind == kind).SelectMany(plan => plan.Specs)));
}
