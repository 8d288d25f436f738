using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Rules;

namespace TransactionFeed.Backtest;

/// <summary>
/// The decisions that a rule set has made, each once: a decision is a function of the rules that were hit, and few combinations of them occur. So the
/// decision of every transaction can be kept in a number, and is put into text once.
/// </summary>
internal sealed class DecisionKinds
{
    private readonly RuleSet _rules;
    private readonly Dictionary<ushort[], int> _numbers = new(new HitsComparer());
    private readonly Dictionary<ushort[], int>.AlternateLookup<ReadOnlySpan<ushort>> _find;
    private readonly List<DecisionKind> _kinds = [];

    public DecisionKinds(RuleSet rules)
    {
        _rules = rules;
        _find = _numbers.GetAlternateLookup<ReadOnlySpan<ushort>>();
    }

    public DecisionKind this[int number] => _kinds[number];

    public int NumberOf(Decision decision)
    {
        if (!_find.TryGetValue(decision.Hits, out var number))
        {
            number = _kinds.Count;
            _kinds.Add(new DecisionKind(Text(decision), decision.RaisesAlert));
            _numbers.Add(decision.Hits.ToArray(), number);
        }

        return number;
    }

    private byte[] Text(Decision decision)
    {
        var reasons = string.Join('|', decision.Hits.ToArray().Select(rule => _rules.Rules[rule].Id));
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $",{TransactionJson.OutcomeText(decision.Outcome)},{decision.Score},{reasons},{_rules.Reference},"));
    }

    private sealed class HitsComparer : IEqualityComparer<ushort[]>, IAlternateEqualityComparer<ReadOnlySpan<ushort>, ushort[]>
    {
        public bool Equals(ushort[]? x, ushort[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] ushort[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<ushort> alternate, ushort[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<ushort> alternate) => (int)Hash64.Of(MemoryMarshal.AsBytes(alternate));

        public ushort[] Create(ReadOnlySpan<ushort> alternate) => alternate.ToArray();
    }
}

/// <param name="Text">The columns of the decisions file from the outcome to the rule set, with the commas before and behind them.</param>
internal sealed record DecisionKind(byte[] Text, bool RaisesAlert);
