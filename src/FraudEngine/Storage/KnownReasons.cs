using FraudEngine.Domain;

namespace FraudEngine.Storage;

/// <summary>Sees to it that the reasons of what other nodes have decided are known.</summary>
public static class KnownReasons
{
    /// <summary>Adds to the catalog what is missing there of the rule sets and models that decisions name: another node may have registered them just now.</summary>
    public static Task KnowAsync(this IJournal journal, IEnumerable<Decision> decisions) =>
        journal is ISharedJournal shared && !decisions.All(decision => IsKnown(journal.Catalog, decision)) ? shared.RefreshCatalogAsync() : Task.CompletedTask;

    /// <summary>Whether the catalog has the rule set and the model that a decision names.</summary>
    public static bool IsKnown(this ReasonCatalog catalog, Decision decision) =>
        catalog.Has(decision.RuleSetNumber) && (decision.ModelNumber == 0 || catalog.Has(decision.ModelNumber));
}
