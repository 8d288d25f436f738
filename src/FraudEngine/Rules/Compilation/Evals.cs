using FraudEngine.Domain;

namespace FraudEngine.Rules.Compilation;

/// <summary>A compiled condition. Like all evals it allocates nothing and never throws.</summary>
internal delegate Truth BoolEval(RuleEvaluation evaluation);

/// <summary>A compiled number; the value counts only where the status is Ok.</summary>
internal delegate ValueStatus NumberEval(RuleEvaluation evaluation, out decimal value);

/// <summary>A compiled duration, or a timestamp in UTC, in ticks of 100 ns.</summary>
internal delegate ValueStatus TicksEval(RuleEvaluation evaluation, out long ticks);

/// <summary>A compiled text, as its key.</summary>
internal delegate ValueStatus KeyEval(RuleEvaluation evaluation, out TextKey key);

/// <summary>A compiled text, as UTF-8 that stays valid until the next transaction.</summary>
internal delegate ValueStatus TextEval(RuleEvaluation evaluation, out ReadOnlySpan<byte> text);
