using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Rules;
using FraudEngine.Rules.Features;

namespace TransactionFeed.Backtest;

/// <summary>
/// The decisions that a trial has made, each once: without a model a decision is a function of the rules that were hit, and few combinations of them occur; a
/// model gives many scores. So the decision of every transaction can be kept in a number, and is put into text once.
/// </summary>
internal sealed class DecisionKinds
{
    private readonly RuleSet _rules;
    private readonly FeatureSet? _model;
    private ushort[] _key = new ushort[16];
    private readonly Dictionary<ushort[], int> _numbers = new(new HitsComparer());
    private readonly Dictionary<ushort[], int>.AlternateLookup<ReadOnlySpan<ushort>> _find;
    private readonly List<DecisionKind> _kinds = [];

    public DecisionKinds(RuleSet rules, FeatureSet? model)
    {
        _rules = rules;
        _model = model;
        _find = _numbers.GetAlternateLookup<ReadOnlySpan<ushort>>();
    }

    public DecisionKind this[int number] => _kinds[number];

    public int NumberOf(Decision decision)
    {
        var key = Key(decision);
        if (!_find.TryGetValue(key, out var number))
        {
            number = _kinds.Count;
            _kinds.Add(new DecisionKind(Text(decision), decision.RaisesAlert));
            _numbers.Add(key.ToArray(), number);
        }

        return number;
    }

    /// <summary>The rules that were hit, the model's reasons and the score: all that the text depends on.</summary>
    private ReadOnlySpan<ushort> Key(Decision decision)
    {
        var hits = decision.Hits;
        var reasons = decision.ModelReasons;
        if (_key.Length < hits.Length + reasons.Length + 3)
        {
            _key = new ushort[hits.Length + reasons.Length + 3];
        }

        hits.CopyTo(_key);
        reasons.CopyTo(_key.AsSpan(hits.Length));
        var rest = _key.AsSpan(hits.Length + reasons.Length);
        (rest[0], rest[1], rest[2]) = ((ushort)hits.Length, (ushort)(decision.Score.Billionths >> 16), (ushort)decision.Score.Billionths);
        return _key.AsSpan(0, hits.Length + reasons.Length + 3);
    }

    private byte[] Text(Decision decision)
    {
        var hits = decision.Hits.ToArray().Select(rule => _rules.Rules[rule].Id);
        var features = decision.ModelReasons.ToArray().Select(feature => FeatureSet.ReasonPrefix + _model!.Features[feature].Name);
        var reasons = string.Join('|', hits.Concat(features));
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
