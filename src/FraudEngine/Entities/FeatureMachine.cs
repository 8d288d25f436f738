using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Rules;
using FraudEngine.Rules.Features;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Entities;

/// <summary>
/// Computes a model's features for one transaction: the same code makes the numbers that a model is trained on and those that it scores. Holds only working
/// memory, and allocates nothing once it is made.
/// </summary>
public sealed class FeatureMachine(FeatureSet features, NamedLists lists)
{
    private readonly WindowReader _windows = new(features.Plans[EntityKind.Account]);
    private readonly RuleEvaluation _evaluation = new();
    private readonly ImmutableArray<NamedList> _lists = features.Bind(lists);
    private readonly double[] _values = new double[features.Features.Length];

    /// <summary>The features in their order; not a number where one is missing. Good until the next call.</summary>
    /// <param name="state">The account's, before the transaction.</param>
    /// <param name="entities">What the entities say that the transaction names; null where it names none.</param>
    public ReadOnlySpan<double> Read(AccountState state, Transaction transaction, EntityValues? entities)
    {
        _windows.Begin(state.History, transaction);
        _evaluation.Begin(transaction, _windows, _lists, entities);
        features.Evaluate(_evaluation, _values);
        return _values;
    }
}
