using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Postgres;
using Monolith.Modules.Customers.Application;
using Monolith.Modules.Customers.Domain;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.Modules.Customers.Infrastructure;

/// <summary>Reads customers straight from their table.</summary>
internal sealed class CustomerQueries([FromKeyedServices(CustomersModule.ModuleName)] ModuleDatabase database) : ICustomerQueries
{
    private const string Select =
        "select id, username, first_name, last_name, email, status, version, registered_at, changed_at from customers.customers";
    private const string SelectOne = $"{Select} where id = $1";

    public async Task<CustomerView?> Find(Guid id, CancellationToken cancellation)
    {
        await using var command = database.App.CreateCommand(SelectOne);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    public async Task<Page<CustomerView>> List(ListCustomers query, CancellationToken cancellation)
    {
        await using var command = database.App.CreateCommand();
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = query.Limit + 1 });
        var after = query.After ?? ListCursor.Start;
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = after.At, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = after.Id });
        var filter = "(registered_at, id) > ($2, $3)";
        if (query.Username is { } username)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Customer.Normalize(username) });
            filter += " and username = $4";
        }

        command.CommandText = $"{Select} where {filter} order by registered_at, id limit $1";
        var read = new List<CustomerView>(query.Limit + 1);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            read.Add(Read(reader));
        return Page.Of(read, query.Limit, customer => new ListCursor(customer.RegisteredAt, customer.Id));
    }

    private static CustomerView Read(NpgsqlDataReader row) => new(
        Id: row.GetGuid(0),
        Username: row.GetString(1),
        FirstName: row.GetString(2),
        LastName: row.GetString(3),
        Email: row.GetString(4),
        Status: row.GetString(5),
        Version: row.GetInt64(6),
        RegisteredAt: row.GetFieldValue<DateTimeOffset>(7),
        ChangedAt: row.GetFieldValue<DateTimeOffset>(8));
}
