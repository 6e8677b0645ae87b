namespace Monolith.Modules.Search.CustomerIndex;

/// <summary>Whether a customer may place orders, in the words of this index.</summary>
internal static class CustomerStatus
{
    public const string Active = "active";
    public const string Inactive = "inactive";

    public static IReadOnlyCollection<string> All { get; } = [Active, Inactive];
}
