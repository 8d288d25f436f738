using FraudEngine.Domain;
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
    private readonly FeatureMachine _features = new(numbered.Model.Features, lists);
    private readonly float[] _contributions = new float[numbered.Model.Features.Features.Length];
    private Score _score;

    /// <summary>Computes and keeps the features, and returns the score that counts.</summary>
    /// <param name="rules">The rules' score.</param>
    public Score Score(AccountState state, TransactionDecided decided, EntityValues? entities, Score rules)
    {
        decided.Decision.ModelNumber = numbered.Number;
        var values = _features.Read(state, decided.Transaction, entities);
        var features = decided.ModelFeatures.Set(values.Length);
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = (float)values[i];
        }

        _score = _model.ScoreOf(features);
        return _model.Features.ScoreUse switch
        {
            ScoreUse.Model => _score,
            ScoreUse.Both => _score > rules ? _score : rules,
            ScoreUse.Rules or ScoreUse.None => rules,
        };
    }

    /// <summary>Adds the features that moved the score most towards fraud, where the model's score alone reaches a threshold. For the transaction scored last.</summary>
    public void GiveReasons(TransactionDecided decided, Score threshold)
    {
        if (_model.Features.ScoreUse is not (ScoreUse.Model or ScoreUse.Both) || _score < threshold)
        {
            return;
        }

        _model.Trees.Contribute(decided.ModelFeatures.Values, _contributions);
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
