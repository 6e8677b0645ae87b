using Monolith.Modules.Search.Queries;
using Monolith.Modules.Search.Text;

namespace Monolith.Modules.Search.OrderIndex;

/// <summary>The fields that orders are found by.</summary>
internal static class OrderFields
{
    /// <summary>The id of who placed it.</summary>
    public const string Customer = "customer";

    private const string Items = "items";
    private const string Words = "words";

    public static SearchFields Search { get; } = new(Words, Items, Whole: null);

    /// <summary>The fields that hold words, as they are stored.</summary>
    public static TextFields<OrderRow> Text { get; } = new()
    {
        [Items] = row => FieldText.Of([.. row.Items.Select(item => item.Name)]),
        [Words] = row => FieldText.Of([.. row.Items.Select(item => item.Name), .. row.Items.Select(item => item.ProductId), row.City, row.Country, row.Status]),
        [Customer] = row => row.CustomerId.ToString(),
    };
}
