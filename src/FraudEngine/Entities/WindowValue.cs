using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Entities;

/// <summary>A window and what it says.</summary>
public readonly record struct WindowValue(WindowSpec Spec, WindowStatus Status, decimal Number, TextKey Text);
