using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Rules;

/// <summary>
/// What the rules look at, and what they found. Fits any rule set. One serves a whole shard, one transaction after the other, and
/// allocates nothing after its construction.
/// </summary>
public sealed class RuleEvaluation
{
    private static readonly EntityValues NoEntities = new();

    private readonly RuleResult[] _results = new RuleResult[RuleSet.RulesMax];
    private readonly TextKey[] _keys = new TextKey[(int)TransactionField.Channel + 1];
    private int _keysKnown;
    private int _count;

    /// <summary>The results of the last <see cref="RuleSet.Evaluate"/>, in the order of its rules; empty before it.</summary>
    public ReadOnlySpan<RuleResult> Results => _results.AsSpan(0, _count);

    internal Transaction Transaction { get; private set; } = new();

    internal WindowReader Windows { get; private set; } = new(new WindowPlan(WindowSettings.Default, []));

    /// <summary>What the windows of the other entities say.</summary>
    internal EntityValues Entities { get; private set; } = NoEntities;

    internal ImmutableArray<NamedList> Lists { get; private set; } = [];

    /// <summary>What the customer has chosen, while an activity rule is tried; else null.</summary>
    internal ChosenActivity? Chosen { get; set; }

    /// <summary>Turns to a transaction. <paramref name="windows"/> must have begun with it; <paramref name="lists"/> come from <see cref="RuleSet.Bind"/>.</summary>
    /// <param name="entities">What the windows of the plans of the other kinds say; null where the transaction names no other entity.</param>
    public void Begin(Transaction transaction, WindowReader windows, ImmutableArray<NamedList> lists, EntityValues? entities = null)
    {
        Entities = entities ?? NoEntities;
        Lists = lists;
        Chosen = null;
        Transaction = transaction;
        Windows = windows;
        _keysKnown = 0;
        _count = 0;
    }

    /// <summary>The key of a text field of the transaction, computed when it is first asked for.</summary>
    internal TextKey Key(TransactionField field)
    {
        var bit = 1 << (int)field;
        if ((_keysKnown & bit) == 0)
        {
            _keys[(int)field] = Transaction.Text(field) is { IsEmpty: false } text ? TextKey.Of(text) : default;
            _keysKnown |= bit;
        }

        return _keys[(int)field];
    }

    internal Span<RuleResult> Clear(int count)
    {
        _count = count;
        return _results.AsSpan(0, count);
    }
}
