namespace FraudEngine.Storage.Sqlite;

/// <summary>A row of the journal as an index keeps it for one account or one entity.</summary>
internal interface IIndexedRow
{
    long Position { get; }

    /// <summary>What the rows of one account or entity are in the order of.</summary>
    long Order { get; }
}
