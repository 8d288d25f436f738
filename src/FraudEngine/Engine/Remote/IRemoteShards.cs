using FraudEngine.Engine.Visiting;

namespace FraudEngine.Engine.Remote;

/// <summary>The way to the shards that other nodes own. Called on turn loops: must return at once and not throw.</summary>
internal interface IRemoteShards
{
    /// <summary>
    /// Takes over requests for a shard that this node does not own, in the order in which they came; those of one account are handled in that order, whoever
    /// owns it by then. Each goes to <see cref="DecisionEngine.Complete"/> once it holds its answer, or <see cref="AccountRequest.RefuseAsUnavailable"/> was called.
    /// </summary>
    void Forward(int shard, ReadOnlySpan<AccountRequest> requests);

    /// <summary>Sends a visit to an entity of a shard that this node does not own. It comes back by <see cref="Visit.Return"/>; one that takes longer than the account waits is given up by it.</summary>
    void Send(int shard, Visit visit);
}
