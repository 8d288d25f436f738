using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Rules;
using FraudEngine.Rules.Features;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Entities;

/// <summary>Scores transactions by a model and says which features moved the score. Holds only working memory, and allocates nothing once it is made.</summary>
internal sealed class ModelScorer(NumberedModel numbered, NamedLists lists)
{
    /// <summary>So many features are told, the strongest first.</summary>
    private const int ReasonsMax = 3;

    private readonly ScoringModel _model = numbered.Model;
    private readonly WindowReader _windows = new(numbered.Model.Plans[EntityKind.Account]);
    private readonly RuleEvaluation _evaluation = new();
    private readonly ImmutableArray<NamedList> _lists = numbered.Model.Features.Bind(lists);
    private readonly float[] _contributions = new float[numbered.Model.Features.Features.Length];

    /// <summary>Computes and keeps the features, and returns the score that counts.</summary>
    /// <param name="rules">The rules' score.</param>
    public Score Score(AccountState state, TransactionDecided decided, EntityValues? entities, Score rules)
    {
        decided.Decision.ModelNumber = numbered.Number;
        var features = decided.ModelFeatures.Set(_contributions.Length);
        _windows.Begin(state.History, decided.Transaction);
        _evaluation.Begin(decided.Transaction, _windows, _lists, entities);
        _model.Features.Evaluate(_evaluation, features);
        var score = _model.ScoreOf(features);
        return _model.Features.ScoreUse switch
        {
            ScoreUse.Model => score,
            ScoreUse.Both => score > rules ? score : rules,
            ScoreUse.Rules or ScoreUse.None => rules,
        };
    }

    /// <summary>Adds the features that moved the score most towards fraud, where the model's score alone reaches a threshold.</summary>
    public void GiveReasons(TransactionDecided decided, Score threshold)
    {
        var features = decided.ModelFeatures.Values;
        if (_model.Features.ScoreUse is not (ScoreUse.Model or ScoreUse.Both) || _model.ScoreOf(features) < threshold)
        {
            return;
        }

        _model.Trees.Contribute(features, _contributions);
        for (var reasons = 0; reasons < ReasonsMax; reasons++)
        {
            var strongest = 0;
            for (var i = 1; i < _contributions.Length; i++)
            {
                strongest = _contributions[i] > _contributions[strongest] ? i : strongest;
            }

            if (_contributions[strongest] <= 0)
            {
                return;
            }

            decided.Decision.AddModelReason(strongest);
            _contributions[strongest] = 0;
        }
    }
}
