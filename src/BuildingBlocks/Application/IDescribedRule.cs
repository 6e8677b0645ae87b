using Monolith.BuildingBlocks.Domain.Rules;

namespace Monolith.BuildingBlocks.Application;

/// <summary>A rule that says what it asks for.</summary>
public interface IDescribedRule
{
    /// <summary>What it asks for.</summary>
    FieldConstraint Constraint { get; }
}
