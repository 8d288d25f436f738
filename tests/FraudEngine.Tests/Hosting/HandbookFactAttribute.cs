namespace FraudEngine.Tests.Hosting;

/// <summary>A test on the handbook's data, skipped where that is not beside the project.</summary>
public sealed class HandbookFactAttribute : FactAttribute
{
    public HandbookFactAttribute()
    {
        if (Repository.HandbookApril is null)
        {
            Skip = "The data sets are not beside the project (../shared/data/handbook).";
        }
    }
}
