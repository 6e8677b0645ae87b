using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Monolith.Modules.Orders.Infrastructure.Migrations
{
    /// <inheritdoc />
    internal partial class CustomerGuard : Migration
    {
        // After the insert, so that the lock by which a reactor waits for this transaction is taken before the guard looks. The function is
        // volatile: its query has a snapshot of its own, taken then.
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            $"""
            create function orders.refuse_inactive_customer() returns trigger language plpgsql volatile as
            $$
            begin
                if exists (select from orders_read.customers where customer_id = new.customer_id and status = 'inactive') then
                    raise exception 'the customer % is inactive', new.customer_id using errcode = 'check_violation', constraint = '{OrderMapping.CustomerGuard}';
                end if;
                return null;
            end
            $$;
            create trigger refuse_inactive_customer after insert on orders.orders for each row when (new.status = 'placed') execute function orders.refuse_inactive_customer();
            """);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            """
            drop trigger refuse_inactive_customer on orders.orders;
            drop function orders.refuse_inactive_customer();
            """);
    }
}
