namespace FraudEngine.Trials;

/// <summary>What a trial found. The same shape wherever it comes from: as JSON, as CSV, as a table.</summary>
/// <param name="RuleSet">The candidate, as <c>name@version</c>.</param>
/// <param name="Against">What it is compared with: <c>name@version</c>, or <c>journal</c> for what was decided then; null for nothing.</param>
/// <param name="Lists">Which named lists were asked; null where the rules ask none.</param>
/// <param name="From">The first event time; null where nothing was decided.</param>
/// <param name="To">The last event time.</param>
/// <param name="Days">Calendar days in UTC from the first to the last, both included.</param>
public sealed record TrialReport(
    string RuleSet,
    string? Against,
    string? Lists,
    string? From,
    string? To,
    int Days,
    long Accounts,
    TrialCounts Transactions,
    OutcomeCounts Outcomes,
    long Alerts,
    decimal AlertsPerDay,
    LabelReport? Labels,
    IReadOnlyList<RuleReport> Rules,
    DifferenceReport? Difference);

/// <summary>What became of the input.</summary>
/// <param name="Filled">Only filled the windows: they lie before the time that is asked for.</param>
/// <param name="Resent">The same again: nothing happened.</param>
/// <param name="Invalid">Not a transaction by the contract.</param>
public sealed record TrialCounts(long Decided, long Filled, long Resent, long IdReused, long TooLate, long Invalid);

public sealed record OutcomeCounts(long Approve, long Review, long Decline);

/// <summary>An amount in one currency.</summary>
public sealed record MoneyReport(string Currency, decimal Amount);

/// <summary>An amount in one currency and which share of all it is; null where that is nothing.</summary>
public sealed record MoneyShare(string Currency, decimal Amount, decimal? Share);

/// <summary>Against labels, in all. Stopped is reviewed or declined.</summary>
/// <param name="Unknown">Decided transactions without a label; they are in none of the other numbers.</param>
/// <param name="Precision">Of the labelled that were stopped, the share that was fraud.</param>
/// <param name="Recall">Of the frauds, the share that was stopped.</param>
/// <param name="FalsePositiveRatio">Genuine payments stopped for each fraud stopped.</param>
/// <param name="CustomersWronglyDeclined">Accounts of which at least one genuine payment was declined.</param>
public sealed record LabelReport(
    long Fraud,
    long Genuine,
    long Unknown,
    long FraudStopped,
    long FraudPassed,
    long GenuineStopped,
    long GenuinePassed,
    decimal? Precision,
    decimal? Recall,
    decimal? FalsePositiveRatio,
    IReadOnlyList<MoneyReport> FraudAmount,
    IReadOnlyList<MoneyShare> FraudAmountStopped,
    IReadOnlyList<MoneyReport> GenuineAmountStopped,
    long CustomersWronglyDeclined);

/// <summary>What one rule did.</summary>
/// <param name="Alerts">Hits of transactions that were reviewed or declined.</param>
public sealed record RuleReport(string Rule, long Hits, long Errors, long Alerts, decimal AlertsPerDay, RuleLabelReport? Labels);

/// <summary>A rule's hits against labels.</summary>
/// <param name="Precision">Of the labelled hits, the share that was fraud.</param>
/// <param name="Recall">Of all frauds, the share that was hit.</param>
/// <param name="FalsePositiveRatio">Genuine payments hit for each fraud hit.</param>
public sealed record RuleLabelReport(
    long FraudHit,
    long GenuineHit,
    long UnknownHit,
    decimal? Precision,
    decimal? Recall,
    decimal? FalsePositiveRatio,
    IReadOnlyList<MoneyShare> FraudAmountHit,
    IReadOnlyList<MoneyReport> GenuineAmountHit);

/// <summary>The candidate against the rule set in force.</summary>
/// <param name="Outcomes">All nine ways from one outcome to the other.</param>
/// <param name="NewlyStopped">Approved before, reviewed or declined now.</param>
/// <param name="NewlyPassed">Reviewed or declined before, approved now.</param>
public sealed record DifferenceReport(long Compared, long Changed, IReadOnlyList<OutcomeChange> Outcomes, ChangeReport NewlyStopped, ChangeReport NewlyPassed);

public sealed record OutcomeChange(string Before, string Now, long Count);

/// <param name="Fraud">How many of them turned out to be fraud; all three are 0 or all unknown where there are no labels.</param>
/// <param name="Examples">The first ones.</param>
public sealed record ChangeReport(long Count, long Fraud, long Genuine, long Unknown, IReadOnlyList<ChangeExample> Examples);

public sealed record ChangeExample(
    string TransactionId,
    string AccountId,
    string Timestamp,
    decimal Amount,
    string Currency,
    string Before,
    string Now,
    IReadOnlyList<string> RulesBefore,
    IReadOnlyList<string> RulesNow);
