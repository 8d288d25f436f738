using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Entities;

/// <summary>
/// Reads what an entity other than the account says to a transaction that visits it. Pure; one serves all entities of a kind in a shard, and holds only
/// working memory.
/// </summary>
public sealed class EntityMachine(WindowPlan rules, WindowPlan model)
{
    private readonly WindowReader _rules = new(rules);
    private readonly WindowReader _model = new(model);
    private WindowPlan? _checked;

    /// <summary>
    /// Reads every window of rules and model as the transaction sees it, itself included. False, with nothing read, where the entity no longer keeps what they
    /// need: other rules have come into force.
    /// </summary>
    public bool TryRead(EntityState state, Transaction transaction, WindowValues forRules, WindowValues forModel)
    {
        var history = state.History;
        if (!ReferenceEquals(history.Plan, _checked))
        {
            if (!history.Plan.Contains(_rules.Plan) || !history.Plan.Contains(_model.Plan))
            {
                return false;
            }

            _checked = history.Plan;
        }

        Read(_rules, history, transaction, forRules);
        Read(_model, history, transaction, forModel);
        return true;
    }

    private static void Read(WindowReader reader, EventHistory history, Transaction transaction, WindowValues values)
    {
        if (reader.Plan.Specs.IsEmpty)
        {
            values.SetMissing();
            return;
        }

        reader.Begin(history, transaction);
        values.Take(reader);
    }
}
