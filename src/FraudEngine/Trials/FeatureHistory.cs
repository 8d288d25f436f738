using System.Security.Cryptography;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules.Features;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Trials;

/// <summary>
/// The engine's accounts and entities, fed with one transaction after the other: what a model is given for each, with the labels that are known by then. What
/// the engine would refuse (an id that comes again, an event time that is too late) is refused here.
/// </summary>
public sealed class FeatureHistory
{
    private readonly Dictionary<string, AccountState> _accounts = new(StringComparer.Ordinal);
    private readonly HashSet<(string Account, string Transaction)> _ids = [];
    private readonly TrialEntities _entities;
    private readonly EntityReadings _readings = new();
    private readonly FeatureMachine _machine;
    private readonly WindowPlan _plan;
    private readonly DueLabels _labels;
    private readonly TransactionDecided _decided = new();
    private readonly ulong _seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <param name="labelDelay">How long after its transaction a label is known.</param>
    public FeatureHistory(FeatureSet features, NamedLists lists, WindowSettings settings, TimeSpan labelDelay, int entitiesMax)
    {
        _plan = features.Plans[EntityKind.Account];
        _entities = new TrialEntities(WindowPlans.None(settings), features.Plans, entitiesMax);
        _machine = new FeatureMachine(features, lists);
        _labels = new DueLabels(labelDelay);
    }

    /// <summary>What is fed next: its owner fills it.</summary>
    public Transaction Transaction => _decided.Transaction;

    /// <summary>Labels that were not known by the last transaction.</summary>
    public int LabelsAhead => _labels.Count;

    /// <summary>
    /// Takes <see cref="Transaction"/> in. False where it is none to be decided. The features, in the model's order, are not numbers where they are missing,
    /// and good until the next call.
    /// </summary>
    /// <param name="label">What it will turn out to be.</param>
    public bool TryTake(Label label, out ReadOnlySpan<double> features)
    {
        features = default;
        var account = Transaction.TextString(TransactionField.AccountId);
        while (_labels.TryTake(Transaction.TimestampTicks, out var labelledAccount, out var labelled))
        {
            Know(labelledAccount, labelled);
        }

        if (!_accounts.TryGetValue(account, out var state))
        {
            _accounts.Add(account, state = new AccountState(_plan));
        }

        if (AccountMachine.CheckNew(state, Transaction) != Admissibility.Admissible || !_ids.Add((account, Transaction.TextString(TransactionField.TransactionId))))
        {
            return false;
        }

        _entities.Read(Transaction, _readings);
        features = _machine.Read(state, Transaction, _readings.Model);
        _decided.Sequence = state.Sequence + 1;
        _decided.Identify(_seed);
        AccountMachine.Evolve(state, _decided);
        _entities.Evolve(Transaction, _decided.EventId);
        if (label == Label.Fraud)
        {
            // One that is genuine says nothing new: a transaction without a label is not known to be fraud.
            _labels.AddFraud(account, Transaction, _decided.Sequence);
        }

        return true;
    }

    private void Know(string account, TransactionLabelled labelled)
    {
        var state = _accounts[account];
        var eventId = TransactionHash.Of(Encoding.UTF8.GetBytes(account), labelled.TransactionId, _seed);
        labelled.Sequence = state.Sequence + 1;
        AccountMachine.Evolve(state, labelled, eventId);
        _entities.Evolve(labelled, eventId);
    }
}
