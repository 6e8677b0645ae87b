using Monolith.Modules.Search.Application.Queries;
using Monolith.Modules.Search.Application.Text;

namespace Monolith.Modules.Search.Application;

/// <summary>The fields of the customer index.</summary>
internal static class CustomerFields
{
    private const string Username = "username";
    private const string Names = "names";
    private const string Words = "words";

    public static SearchFields Search { get; } = new(Words, Names, Username);

    public static TextFields<CustomerRow> Text { get; } = new()
    {
        [Username] = row => FieldText.Joined(row.Username),
        [Names] = row => FieldText.Of(NamesOf(row)),
        [Words] = row => FieldText.Of(row.Username, NamesOf(row), row.Email),
    };

    // One text: a phrase may match across first and last name.
    private static string NamesOf(CustomerRow row) => $"{row.FirstName} {row.LastName}";
}
